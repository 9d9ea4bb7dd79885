package io.verbena.concurrency;

import io.verbena.queue.ReceiveAccount;
import io.verbena.queue.SharedReceives;
import io.verbena.queue.SharedReceivesOwner;
import io.verbena.queue.SoftCompletionQueue;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.GiveBack;
import io.verbena.verbs.ReceiveHolder;
import io.verbena.verbs.ReceiveRefusal;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.SharedReceiveQueueSnapshot;
import io.verbena.verbs.WorkCompletionStatus;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes shared receive queues, posts to them and draws, and counts how often one says that it is low. */
final class SharedQueue implements SharedReceivesOwner {
    final SharedReceives receives;
    final AtomicInteger low = new AtomicInteger();

    /** Makes a queue with {@code posted} receives, whose ids count from 1. */
    SharedQueue(int depth, int posted, GiveBack giveBack) {
        receives = new SharedReceives(
                1,
                1,
                SharedReceiveQueueOptions.ofDepth(depth)
                        .withMaxElements(1)
                        .withRefusal(ReceiveRefusal.DROP_MESSAGE)
                        .withGiveBack(giveBack),
                this);
        for (int id = 1; id <= posted; id++) {
            post(id);
        }
    }

    /** Makes a queue whose receives are given back when their completion is consumed. */
    SharedQueue(int depth, int posted) {
        this(depth, posted, GiveBack.WHEN_CONSUMED);
    }

    /** Opens an account with this limit, and gives all others the same. */
    ReceiveAccount account(int queuePairNumber, int limit) {
        ReceiveAccount account = receives.attach(queuePairNumber, 1);
        receives.manage(each -> limit);
        return account;
    }

    /** Posts a receive whose memory is named by its id; returns 1, or 0 if the queue is full. */
    int post(int id) {
        return receives.post(new ReceiveRequest().receive(id).local(id, id, id)).posted() ? 1 : 0;
    }

    /** Draws a receive and returns its id; 0 if the account may not, or none waits; -1 if it was seen in part. */
    static int take(ReceiveAccount account) {
        int slot = account.take();
        return slot < 0 ? 0 : id(account, slot);
    }

    /** Returns the id of a receive that was drawn, or -1 if it was seen in part. */
    static int id(ReceiveAccount account, int slot) {
        int id = (int) account.id(slot);
        boolean whole =
                account.stag(slot, 0) == id && account.address(slot, 0) == id && account.totalOctets(slot) == id;
        return whole ? id : -1;
    }

    /** Draws a receive and completes it. */
    static void complete(ReceiveAccount account, SoftCompletionQueue completions) {
        int slot = account.take();
        completions.addReceive(
                account.id(slot),
                WorkCompletionStatus.SUCCESS,
                CompletedOperation.RECEIVE,
                account.queuePairNumber(),
                0,
                false,
                false,
                0,
                null,
                account,
                account.handle(slot),
                false);
    }

    /** Returns how many receives are held, or -1 if the accounts do not add up. */
    int held() {
        SharedReceiveQueueSnapshot now = receives.snapshot();
        boolean sane = now.holders().stream().mapToInt(ReceiveHolder::held).allMatch(held -> held >= 0);
        return sane && now.posted() == now.free() + now.held() ? now.held() : -1;
    }

    /** Returns 1 if as many receives as its depth can be posted now, and not one more; held ones take their place. */
    int roomIsWhole() {
        int posted = receives.snapshot().posted();
        int depth = receives.depth();
        for (int i = posted; i < depth; i++) {
            if (post(100 + i) == 0) {
                return 0;
            }
        }
        return post(1000) == 0 ? 1 : 0;
    }

    @Override
    public void onLow(int waiting, int lowWatermark) {
        low.incrementAndGet();
    }

    @Override
    public void onHeld(int queuePairNumber, int held) {
        // Not armed.
    }

    @Override
    public void onRefusing(int queuePairNumber, int limit) {
        // Who is refused is not told here.
    }

    @Override
    public void onDropped(int queuePairNumber, long lengthOctets) {
        // Who is refused drops no message here.
    }
}
