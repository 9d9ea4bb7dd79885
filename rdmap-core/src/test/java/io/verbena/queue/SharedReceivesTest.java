package io.verbena.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.verbs.GiveBack;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.ReceiveHolder;
import io.verbena.verbs.ReceiveRefusal;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.SharedReceiveQueueSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks at random over all that changes a shared receive queue, and compares every step with a small model. */
class SharedReceivesTest {
    private static final int STEPS = 20_000;

    /** A receive that the model knows to be held. */
    private record Drawn(ReceiveAccount account, int slot, long id, long handle) {}

    private final List<Integer> lows = new ArrayList<>();
    private final ArrayDeque<Long> waiting = new ArrayDeque<>();
    private final Map<ReceiveAccount, Integer> limits = new HashMap<>();
    private final List<ReceiveAccount> accounts = new ArrayList<>();
    private final List<Drawn> held = new ArrayList<>();
    private final List<Drawn> past = new ArrayList<>();
    private int depth = 50;
    private int mark;
    private boolean armed;
    private int lowsExpected;
    private long nextId;
    private int nextQueuePair = 1;

    private final SharedReceives queue = new SharedReceives(
            1,
            1,
            SharedReceiveQueueOptions.ofDepth(depth)
                    .withMaxElements(2)
                    .withRefusal(ReceiveRefusal.DROP_MESSAGE)
                    .withGiveBack(GiveBack.BY_APPLICATION),
            new SharedReceivesOwner() {
                @Override
                public void onLow(int left, int lowWatermark) {
                    lows.add(left);
                }

                @Override
                public void onHeld(int queuePairNumber, int count) {}

                @Override
                public void onRefusing(int queuePairNumber, int limit) {}

                @Override
                public void onDropped(int queuePairNumber, long lengthOctets) {}
            });

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void postedIsFreeAndHeldAtEveryStep(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(20)) {
                case 0 -> attach();
                case 1 -> detach(random);
                case 2 -> limit(random);
                case 3 -> resize(random);
                case 4 -> arm(random);
                case 5, 6, 7, 8, 9 -> giveBack(random);
                case 10, 11, 12, 13 -> post(random);
                default -> draw(random);
            }
            compare("seed " + seed + ", step " + step);
        }
    }

    private void attach() {
        if (accounts.size() < 300) {
            ReceiveAccount account = queue.attach(nextQueuePair++, 1);
            accounts.add(account);
            limits.put(account, 0);
            setLimits();
        }
    }

    private void detach(SplittableRandom random) {
        if (!accounts.isEmpty() && random.nextInt(4) == 0) {
            ReceiveAccount account = accounts.remove(random.nextInt(accounts.size()));
            queue.detach(account);
            limits.remove(account);
            List<Drawn> gone =
                    held.stream().filter(drawn -> drawn.account == account).toList();
            held.removeAll(gone);
            // Late consumers of what is gone change nothing.
            gone.forEach(drawn -> queue.release(account, drawn.handle));
        }
    }

    private void limit(SplittableRandom random) {
        if (!accounts.isEmpty()) {
            limits.put(accounts.get(random.nextInt(accounts.size())), random.nextInt(12));
            setLimits();
        }
    }

    private void setLimits() {
        Map<Integer, Integer> byNumber = new HashMap<>();
        limits.forEach((account, limit) -> byNumber.put(account.queuePairNumber(), limit));
        queue.manage(byNumber::get);
    }

    private void resize(SplittableRandom random) {
        int next = 1 + random.nextInt(120);
        boolean possible = next >= waiting.size() + held.size() && next >= mark;
        try {
            queue.resize(next);
            assertThat(possible).isTrue();
            depth = next;
        } catch (IllegalArgumentException refused) {
            assertThat(possible).as(refused.getMessage()).isFalse();
        }
    }

    private void arm(SplittableRandom random) {
        mark = random.nextInt(Math.min(depth, 10) + 1);
        queue.arm(mark);
        armed = mark > 0;
    }

    private void post(SplittableRandom random) {
        ReceiveRequest request = new ReceiveRequest().receive(nextId).local(0x100, nextId, 8);
        if (random.nextBoolean()) {
            request.local(0x200, nextId, 4);
        }
        PostResult result = queue.post(request);
        if (waiting.size() + held.size() < depth) {
            assertThat(result).isEqualTo(PostResult.POSTED);
            waiting.add(nextId++);
        } else {
            assertThat(result).isEqualTo(PostResult.QUEUE_FULL);
        }
    }

    private void draw(SplittableRandom random) {
        if (accounts.isEmpty()) {
            return;
        }
        ReceiveAccount account = accounts.get(random.nextInt(accounts.size()));
        int slot = account.take();
        if (heldBy(account) >= limits.get(account)) {
            assertThat(slot).isEqualTo(ReceiveSource.DROP_MESSAGE);
        } else if (waiting.isEmpty()) {
            assertThat(slot).isEqualTo(ReceiveSource.NONE);
        } else {
            long id = waiting.remove();
            held.add(new Drawn(account, slot, id, account.handle(slot)));
            if (armed && waiting.size() < mark) {
                armed = false;
                lowsExpected++;
            }
        }
    }

    private void giveBack(SplittableRandom random) {
        if (!held.isEmpty()) {
            Drawn drawn = held.remove(random.nextInt(held.size()));
            assertThat(drawn.account.id(drawn.slot)).isEqualTo(drawn.id);
            assertThat(drawn.account.address(drawn.slot, drawn.account.elementCount(drawn.slot) - 1))
                    .isEqualTo(drawn.id);
            drawn.account.consumed(drawn.handle);
            queue.giveBack(drawn.handle);
            past.add(drawn);
            // Its slot may hold another receive by now, of the same queue pair even.
            Drawn stale = past.get(random.nextInt(past.size()));
            queue.release(stale.account, stale.handle);
            assertThatThrownBy(() -> queue.giveBack(stale.handle))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("given back already");
        }
    }

    private int heldBy(ReceiveAccount account) {
        return (int) held.stream().filter(drawn -> drawn.account == account).count();
    }

    private void compare(String when) {
        SharedReceiveQueueSnapshot now = queue.snapshot();
        assertThat(now.posted()).as(when).isEqualTo(now.free() + now.held());
        assertThat(now.free()).as(when).isEqualTo(waiting.size());
        assertThat(now.held()).as(when).isEqualTo(held.size());
        assertThat(now.armed()).as(when).isEqualTo(armed);
        assertThat(lows).as(when).hasSize(lowsExpected);
        for (ReceiveHolder holder : now.holders()) {
            assertThat(holder.limit()).as(when).isNotNegative();
            assertThat(holder.remaining()).as(when).isNotNegative();
        }
        if (!accounts.isEmpty()) {
            ReceiveAccount any = accounts.get(accounts.size() / 2);
            assertThat(now.holder(any.queuePairNumber()).held()).as(when).isEqualTo(heldBy(any));
        }
    }
}
