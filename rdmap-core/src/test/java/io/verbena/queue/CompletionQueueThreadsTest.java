package io.verbena.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.Notify;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Completion queues between several loops and several polling threads. */
class CompletionQueueThreadsTest {
    private static final int PRODUCERS = 3;
    private static final int POLLERS = 2;
    private static final int EACH = 30_000;

    private final CompletionQueueFixture fixture = new CompletionQueueFixture();

    @Test
    void resizingUnderLoadLosesNothingAndKeepsEachProducersOrder() throws Exception {
        SoftCompletionQueue queue = new SoftCompletionQueue(1, 64, 1 << 20, null, null, fixture);
        AtomicInteger polled = new AtomicInteger();
        List<List<Long>> seen = new ArrayList<>();
        try (Crew crew = new Crew()) {
            for (int producer = 0; producer < PRODUCERS; producer++) {
                long base = (long) producer << 32;
                crew.add(() -> {
                    for (int n = 0; n < EACH; n++) {
                        while (!CompletionQueueFixture.addSend(queue, 2, base | n)) {
                            Thread.yield();
                        }
                    }
                });
            }
            for (int poller = 0; poller < POLLERS; poller++) {
                List<Long> mine = new ArrayList<>();
                seen.add(mine);
                crew.add(() -> {
                    CompletionCursor cursor = queue.cursor();
                    while (polled.get() < PRODUCERS * EACH) {
                        if (cursor.next()) {
                            mine.add(cursor.id());
                            polled.incrementAndGet();
                        } else {
                            Thread.yield();
                        }
                    }
                });
            }
            crew.add(() -> {
                Random random = new Random(11);
                while (polled.get() < PRODUCERS * EACH) {
                    int capacity = 64 + random.nextInt(200);
                    // Below what the queue holds at the moment is refused, and must then have changed nothing.
                    try {
                        queue.resize(capacity);
                    } catch (IllegalArgumentException refused) {
                        assertThat(refused).hasMessageContaining("holds now");
                    }
                    Thread.yield();
                }
            });
            crew.run();
        }
        assertThat(seen.stream().mapToInt(List::size).sum()).isEqualTo(PRODUCERS * EACH);
        assertThat(seen.stream().flatMap(List::stream).distinct().count()).isEqualTo(PRODUCERS * EACH);
        for (List<Long> mine : seen) {
            int[] last = {-1, -1, -1};
            for (long id : mine) {
                int producer = (int) (id >> 32);
                assertThat((int) id).isGreaterThan(last[producer]);
                last[producer] = (int) id;
            }
        }
    }

    @Test
    void pollArmPollAndWaitMissesNoCompletion() throws Exception {
        SoftCompletionChannel channel = new SoftCompletionChannel(System::nanoTime, null, false, () -> {});
        SoftCompletionQueue queue = new SoftCompletionQueue(1, 64, 64, channel, null, fixture);
        try (Crew crew = new Crew()) {
            for (int producer = 0; producer < PRODUCERS; producer++) {
                crew.add(() -> {
                    for (int n = 0; n < EACH; n++) {
                        while (!CompletionQueueFixture.addSend(queue, 2, n)) {
                            Thread.yield();
                        }
                    }
                });
            }
            crew.add(() -> {
                int[] polled = new int[1];
                while (true) {
                    while (queue.poll(16, completion -> polled[0]++) > 0) {}
                    queue.arm(Notify.NEXT);
                    if (queue.poll(1, completion -> polled[0]++) == 0) {
                        if (polled[0] == PRODUCERS * EACH) {
                            return;
                        }
                        assertThat(channel.await(Duration.ofSeconds(20)))
                                .as("event after %d completions", polled[0])
                                .isSameAs(queue);
                    }
                }
            });
            crew.run();
        }
    }
}
