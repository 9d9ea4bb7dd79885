package io.verbena.device;

import io.verbena.queue.ReceiveAccount;
import io.verbena.queue.SharedReceives;
import io.verbena.queue.SharedReceivesOwner;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.ReceiveBatch;
import io.verbena.verbs.ReceiveLimits;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.ReceiveShare;
import io.verbena.verbs.SharedReceiveQueue;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.SharedReceiveQueueSnapshot;
import io.verbena.verbs.observe.StackEvents;
import java.util.HashMap;
import java.util.Map;

/**
 * A shared receive queue as the application has it: checks arguments, asks the resource manager for limits, and turns what
 * happens on the queue into events.
 *
 * <p>Thread rule: any thread. The resource manager is asked under a lock of this queue, never under that of the receives.
 */
final class SoftSharedReceiveQueue implements SharedReceiveQueue {
    private final SoftDevice device;
    private final SoftProtectionDomain domain;
    private final SharedReceiveQueueOptions options;
    private final SharedReceives receives;

    /** Guards the resource manager and the changes of who is asked about. */
    private final Object managing = new Object();

    private ReceiveLimits limits;

    SoftSharedReceiveQueue(
            SoftDevice device, SoftProtectionDomain domain, int number, SharedReceiveQueueOptions options) {
        this.device = device;
        this.domain = domain;
        this.options = options;
        limits = options.limits();
        receives = new SharedReceives(number, domain.number(), options, new Teller());
    }

    SoftDevice device() {
        return device;
    }

    @Override
    public int number() {
        return receives.number();
    }

    @Override
    public ProtectionDomain protectionDomain() {
        return domain;
    }

    @Override
    public SharedReceiveQueueOptions options() {
        return options;
    }

    @Override
    public SharedReceiveQueueSnapshot query() {
        return receives.snapshot();
    }

    @Override
    public PostResult postReceive(ReceiveRequest borrowed) {
        return receives.post(borrowed);
    }

    @Override
    public int postReceive(ReceiveBatch borrowed) {
        int posted = 0;
        while (posted < borrowed.size() && postReceive(borrowed.get(posted)) == PostResult.POSTED) {
            posted++;
        }
        return posted;
    }

    @Override
    public void resize(int depth) {
        OptionsCheck.sharedReceiveDepth(depth, device.limits());
        synchronized (managing) {
            Map<Integer, Integer> next = ask(limits, depth);
            receives.resize(depth);
            receives.manage(next::get);
        }
    }

    @Override
    public void arm(int lowWatermark) {
        receives.arm(lowWatermark);
    }

    @Override
    public void armHeld(QueuePair queuePair, int held) {
        receives.armHeld(user(queuePair), held);
    }

    @Override
    public void limits(ReceiveLimits next) {
        synchronized (managing) {
            Map<Integer, Integer> values = ask(next, receives.depth());
            limits = next;
            receives.manage(values::get);
        }
    }

    @Override
    public void refreshLimits() {
        synchronized (managing) {
            limits(limits);
        }
    }

    @Override
    public void cap(QueuePair queuePair, int most) {
        receives.cap(user(queuePair), most);
    }

    /** Returns the number of a queue pair, which another device may have given to one that uses this queue. */
    private int user(QueuePair queuePair) {
        if (queuePair.options().sharedReceiveQueue() != this) {
            throw new IllegalArgumentException(queuePair + " does not use " + this);
        }
        return queuePair.number();
    }

    @Override
    public void giveBack(long sharedReceive) {
        receives.giveBack(sharedReceive);
    }

    /** Refuses queue pairs of other domains than the queue's, unless its options let them in. */
    void requireDomain(ProtectionDomain ofQueuePair) {
        if (ofQueuePair != domain && !options.otherDomains()) {
            throw new IllegalArgumentException(this + " belongs to " + domain + ", a queue pair of " + ofQueuePair
                    + " may not use it unless it was created withOtherDomains");
        }
    }

    /** Opens the account of a new queue pair. */
    ReceiveAccount attach(int queuePairNumber, int weight) {
        synchronized (managing) {
            ReceiveAccount account = receives.attach(queuePairNumber, weight);
            boolean limited = false;
            try {
                refreshLimits();
                limited = true;
            } finally {
                if (!limited) {
                    receives.detach(account);
                }
            }
            return account;
        }
    }

    /** Closes the account of a queue pair that was destroyed. */
    void detach(ReceiveAccount account) {
        synchronized (managing) {
            receives.detach(account);
            refreshLimits();
        }
    }

    private Map<Integer, Integer> ask(ReceiveLimits manager, int depth) {
        Map<Integer, Integer> values = new HashMap<>();
        for (ReceiveShare share : receives.shares(depth)) {
            int limit = manager.limit(share);
            if (limit < 0 || limit > depth) {
                throw new IllegalArgumentException("limit " + limit + " of queue pair " + share.queuePairNumber()
                        + " must be 0 to " + depth + ", the depth of " + this);
            }
            values.put(share.queuePairNumber(), limit);
        }
        return values;
    }

    private void refill() {
        options.bufferManager().refill(this);
        receives.rearm();
    }

    @Override
    public void close() {
        if (receives.close()) {
            domain.forget(this);
            device.forget(this);
        }
    }

    @Override
    public String toString() {
        return receives.toString();
    }

    /** Tells the application and the listeners what happens on the queue. */
    private final class Teller implements SharedReceivesOwner {
        @Override
        public void onLow(int waiting, int lowWatermark) {
            if (options.tellWhenLow()) {
                device.raise(new AsyncEvent(AsyncEvent.Kind.SHARED_RECEIVE_QUEUE_LOW, -1, -1, number(), null));
            }
            if (options.bufferManager() != null) {
                device.onEventThread(SoftSharedReceiveQueue.this::refill);
            }
        }

        @Override
        public void onHeld(int queuePairNumber, int held) {
            device.raise(new AsyncEvent(AsyncEvent.Kind.RECEIVE_LIMIT_REACHED, queuePairNumber, -1, number(), null));
        }

        @Override
        public void onRefusing(int queuePairNumber, int limit) {
            device.raise(new AsyncEvent(
                    AsyncEvent.Kind.MESSAGE_DROPPED,
                    queuePairNumber,
                    -1,
                    number(),
                    FailureCause.of(FailureCause.End.LOCAL, FailedCheck.RECEIVE_LIMIT)
                            .detail("a message is dropped that goes beyond the limit of " + limit + " receives")
                            .build()));
        }

        @Override
        public void onDropped(int queuePairNumber, long lengthOctets) {
            StackEvents events = device.events();
            if (events != null) {
                events.onMessageDropped(device.name(), queuePairNumber, number(), lengthOctets);
            }
        }
    }
}
