package io.verbena.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Several posting threads against one loop that finishes requests in any order (SYS-WQ-07). */
class WorkQueueThreadsTest {
    private static final int POSTERS = 3;
    private static final int EACH = 30_000;

    @Test
    void everySendIsServedOnceInTheOrderOfItsPosterAndWhole() throws Exception {
        SendQueue queue = new SendQueue(13, 3, 16);
        try (Crew crew = new Crew()) {
            for (int poster = 0; poster < POSTERS; poster++) {
                int number = poster;
                crew.add(() -> postSends(queue, number));
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

    private static void postSends(SendQueue queue, int poster) {
        SendRequest request = new SendRequest();
        ByteBuffer octets = ByteBuffer.allocate(16);
        for (int n = 0; n < EACH; n++) {
            long id = (long) poster << 32 | n;
            request.write((int) id, ~id).id(id);
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
