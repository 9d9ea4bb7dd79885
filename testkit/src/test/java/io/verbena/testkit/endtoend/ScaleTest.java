package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.SendRequest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many queue pairs on one device, many threads on one queue pair. */
@Tag("tcp")
@Timeout(60)
class ScaleTest {
    private static final int LINKS = 300;
    private static final int THREADS = 4;
    private static final int POSTS_OF_A_THREAD = 2_000;

    @Test
    @Requirement("SYS-MEM-17")
    void movesOctetsOverHundredsOfConnections() {
        PairOptions options = PairOptions.defaults()
                .withCompletionCapacity(16)
                .withQueuePairs(queuePair -> queuePair.withDepths(4, 4));
        try (DevicePair pair = DevicePair.open(options)) {
            List<PairLink> links = new ArrayList<>();
            for (int i = 0; i < LINKS; i++) {
                links.add(pair.connectAnother());
            }
            assertThat(pair.serverDevice().query().queuePairs()).isEqualTo(LINKS + 1);
            TestMemory source = TestMemory.pattern(pair.client(), 1000);
            TestMemory target = TestMemory.open(pair.server(), LINKS);
            SendRequest request = new SendRequest();
            for (int i = 0; i < LINKS; i++) {
                PairLink link = links.get(i);
                link.server().postEmptyReceive(i);
                link.client()
                        .queuePair()
                        .postSend(request.write(target.region().remote(i, 1))
                                .signaled(false)
                                .local(source.region(), i, 1))
                        .orThrow();
                link.client().queuePair().postSend(request.send().id(i)).orThrow();
            }
            for (int i = 0; i < LINKS; i++) {
                assertThat(links.get(i).server().awaitReceiveSuccess().id()).isEqualTo(i);
                assertThat(links.get(i).client().awaitSendSuccess().id()).isEqualTo(i);
            }
            assertThat(target.octets()).isEqualTo(source.octets(0, LINKS));
        }
    }

    @Test
    @Requirement({"SYS-WQ-06", "SYS-WQ-07"})
    void takesPostsOfManyThreadsAndCompletesEachOnce() throws InterruptedException {
        // A slot is free as soon as its request is done (SYS-WQ-03), so only the queue's size bounds what may wait
        // there.
        PairOptions options = PairOptions.defaults().withCompletionCapacity(THREADS * POSTS_OF_A_THREAD);
        try (DevicePair pair = DevicePair.open(options)) {
            postFromManyThreads(pair);
        }
    }

    private static void postFromManyThreads(DevicePair pair) throws InterruptedException {
        TestMemory source = TestMemory.pattern(pair.client(), 64);
        TestMemory target = TestMemory.open(pair.server(), 64);
        QueuePair queuePair = pair.client().queuePair();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int first = t * POSTS_OF_A_THREAD;
            Thread thread = new Thread(() -> postMany(queuePair, first, source, target));
            thread.setUncaughtExceptionHandler((died, cause) -> failure.set(cause));
            threads.add(thread);
            thread.start();
        }
        BitSet seen = new BitSet();
        long[] lastOfThread = {-1, -1, -1, -1};
        pair.await("every completion, or a failure", () -> {
            pair.client().sendCompletions().poll(256, completion -> {
                int id = (int) completion.id();
                assertThat(completion.success()).isTrue();
                assertThat(seen.get(id)).as("id %d seen before", id).isFalse();
                seen.set(id);
                assertThat((long) id).isGreaterThan(lastOfThread[id / POSTS_OF_A_THREAD]);
                lastOfThread[id / POSTS_OF_A_THREAD] = id;
            });
            return seen.cardinality() == THREADS * POSTS_OF_A_THREAD || failure.get() != null;
        });
        for (Thread thread : threads) {
            thread.join(10_000);
        }
        assertThat(failure.get()).isNull();
    }

    private static void postMany(QueuePair queuePair, int first, TestMemory source, TestMemory target) {
        SendRequest request = new SendRequest();
        for (int i = 0; i < POSTS_OF_A_THREAD; i++) {
            request.write(target.region().remote()).id(first + i).local(source.region(), 0, 64);
            PostResult result = queuePair.postSend(request);
            while (result == PostResult.QUEUE_FULL && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(10_000);
                result = queuePair.postSend(request);
            }
            result.orThrow();
        }
    }
}
