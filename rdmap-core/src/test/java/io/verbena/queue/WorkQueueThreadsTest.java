package io.verbena.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.Requirement;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendOperation;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.SlotIndicator;
import io.verbena.verbs.WorkQueueSlot;
import io.verbena.verbs.WorkQueueSnapshot;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several posting threads against one loop that finishes requests in any order (SYS-WQ-07). The module {@code concurrency}
 * lists the legal outcomes of each single race; here they run long and mixed.
 */
class WorkQueueThreadsTest {
    private static final int POSTERS = 3;
    private static final int EACH = 30_000;

    @Test
    @Requirement("SYS-WQ-07")
    void everySendIsServedOnceInTheOrderOfItsPosterAndWhole() throws Exception {
        SendQueue queue = new SendQueue(13, 3, 16);
        try (Crew crew = new Crew()) {
            for (int poster = 0; poster < POSTERS; poster++) {
                int number = poster;
                crew.add(() -> postSends(queue, number, EACH));
            }
            crew.add(() -> {
                Random random = new Random(7);
                long[] expected = new long[POSTERS];
                List<Integer> inService = new ArrayList<>();
                for (int served = 0; served < POSTERS * EACH; ) {
                    int slot = queue.next();
                    if (slot >= 0) {
                        checkSend(queue, slot, expected);
                        inService.add(slot);
                        served++;
                    }
                    if (!inService.isEmpty() && (slot < 0 || random.nextInt(3) > 0)) {
                        int done = inService.remove(random.nextInt(inService.size()));
                        queue.done(done);
                    }
                    if (slot < 0) {
                        Thread.yield();
                    }
                }
                inService.forEach(queue::done);
            });
            crew.run();
        }
        assertThat(queue.idle()).isTrue();
        assertThat(queue.busy()).isZero();
        assertThat(queue.waiting()).isZero();
    }

    /** Posters, a serving thread, a completing thread, and one that looks on. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @Requirement({"SYS-WQ-05", "SYS-WQ-07"})
    void postingServingCompletingAndLookingOnMayBeOnThreadsOfTheirOwn(long seed) throws Exception {
        SendQueue queue = new SendQueue(7, 3, 16);
        Queue<Integer> served = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        int all = (POSTERS - 1) * EACH / 2;
        try (Crew crew = new Crew()) {
            for (int poster = 0; poster < POSTERS - 1; poster++) {
                int number = poster;
                crew.add(() -> postSends(queue, number, EACH / 2));
            }
            crew.add(() -> {
                long[] expected = new long[POSTERS];
                for (int taken = 0; taken < all; ) {
                    int slot = queue.next();
                    if (slot >= 0) {
                        checkSend(queue, slot, expected);
                        assertThat(queue.requestInService()).isNotNegative();
                        served.add(slot);
                        taken++;
                    } else {
                        Thread.yield();
                    }
                }
            });
            crew.add(() -> {
                SplittableRandom random = new SplittableRandom(seed);
                List<Integer> held = new ArrayList<>();
                for (int done = 0; done < all; ) {
                    Integer slot = served.poll();
                    if (slot != null) {
                        held.add(slot);
                    }
                    if (!held.isEmpty() && (slot == null || random.nextInt(3) > 0)) {
                        queue.done(held.remove(random.nextInt(held.size())));
                        done++;
                    } else if (slot == null) {
                        Thread.yield();
                    }
                }
                over.set(true);
            });
            crew.add(() -> {
                while (!over.get()) {
                    checkSnapshot(queue.snapshot(1));
                    Thread.yield();
                }
            });
            crew.run();
        }
        WorkQueueSnapshot after = queue.snapshot(1);
        assertThat(queue.idle()).isTrue();
        assertThat(after.steady()).isTrue();
        assertThat(after.inService()).isFalse();
        assertThat(after.waiting()).isZero();
        assertThat(after.count(SlotIndicator.FREE)).isEqualTo(after.depth());
    }

    private static void checkSnapshot(WorkQueueSnapshot now) {
        assertThat(now.requestInService()).isBetween(-1, now.depth() - 1);
        assertThat(now.waiting()).isBetween(0, now.depth());
        if (now.inService()) {
            assertThat(now.slots().get(now.requestInService()).indicator().busy())
                    .as("%s", now)
                    .isTrue();
        }
        for (WorkQueueSlot slot : now.slots()) {
            if (slot.indicator().busy()) {
                // Never the id of one request with the operation of another.
                assertThat(slot.operation()).as("%s", slot).isEqualTo(operation(slot.id()));
            } else {
                assertThat(slot.operation()).isNull();
            }
        }
        if (now.steady()) {
            // In between are a request that a poster is handing over, and one that the engine is taking.
            assertThat(now.count(SlotIndicator.WAITING) - now.waiting())
                    .as("%s", now)
                    .isBetween(0, POSTERS);
            assertThat(now.inService()
                            && !now.slots()
                                    .get(now.requestInService())
                                    .indicator()
                                    .busy())
                    .as("%s", now)
                    .isFalse();
        }
    }

    private static SendOperation operation(long id) {
        return id % 2 == 0 ? SendOperation.WRITE : SendOperation.READ;
    }

    private static void postSends(SendQueue queue, int poster, int count) {
        SendRequest request = new SendRequest();
        ByteBuffer octets = ByteBuffer.allocate(16);
        for (int n = 0; n < count; n++) {
            long id = (long) poster << 32 | n;
            if (operation(id) == SendOperation.WRITE) {
                request.write((int) id, ~id).id(id);
            } else {
                request.read((int) id, ~id).id(id);
            }
            if (n % 3 == 0) {
                octets.putLong(0, id).putLong(8, ~id);
                request.inline(octets);
            } else {
                for (int i = 0; i <= n % 3; i++) {
                    request.local(n + i, id + i, n);
                }
            }
            while (!queue.post(request).posted()) {
                Thread.yield();
            }
        }
    }

    private static void checkSend(SendQueue queue, int slot, long[] expected) {
        long id = queue.id(slot);
        int poster = (int) (id >> 32);
        int n = (int) id;
        assertThat(expected[poster]++).isEqualTo(n);
        assertThat(queue.operation(slot)).isEqualTo(operation(id));
        assertThat(queue.remoteStag(slot)).isEqualTo(n);
        assertThat(queue.remoteAddress(slot)).isEqualTo(~id);
        if (n % 3 == 0) {
            int offset = queue.inlineOffset(slot);
            assertThat(queue.inlineData(slot).getLong(offset)).isEqualTo(id);
            assertThat(queue.inlineData(slot).getLong(offset + 8)).isEqualTo(~id);
        } else {
            assertThat(queue.elementCount(slot)).isEqualTo(n % 3 + 1);
            for (int i = 0; i <= n % 3; i++) {
                assertThat(queue.stag(slot, i)).isEqualTo(n + i);
                assertThat(queue.address(slot, i)).isEqualTo(id + i);
                assertThat(queue.lengthOctets(slot, i)).isEqualTo(n);
            }
        }
    }

    @Test
    void everyReceiveIsTakenOnceInTheOrderOfItsPoster() throws Exception {
        ReceiveQueue queue = new ReceiveQueue(8, 1);
        try (Crew crew = new Crew()) {
            for (int poster = 0; poster < POSTERS; poster++) {
                int number = poster;
                crew.add(() -> {
                    ReceiveRequest request = new ReceiveRequest();
                    for (int n = 0; n < EACH; n++) {
                        while (!queue.post(
                                        request.receive((long) number << 32 | n).local(n, n, n))
                                .posted()) {
                            Thread.yield();
                        }
                    }
                });
            }
            crew.add(() -> {
                long[] expected = new long[POSTERS];
                for (int taken = 0; taken < POSTERS * EACH; ) {
                    int slot = queue.take();
                    if (slot < 0) {
                        Thread.yield();
                        continue;
                    }
                    long id = queue.id(slot);
                    assertThat(expected[(int) (id >> 32)]++).isEqualTo((int) id);
                    assertThat(queue.lengthOctets(slot, 0)).isEqualTo((int) id);
                    queue.done(slot);
                    taken++;
                }
            });
            crew.run();
        }
        assertThat(queue.busy()).isZero();
    }
}
