package io.verbena.testkit.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceAttributes;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SharedReceiveQueue;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.WindowType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Objects of one device are made and destroyed by several threads at the same time. */
@Tag("tcp")
@Timeout(60)
class ResourceThreadsTest {
    private static final int THREADS = 4;
    private static final int ROUNDS = 100;

    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Set<Integer> stags = ConcurrentHashMap.newKeySet();
    private final Set<Integer> queuePairs = ConcurrentHashMap.newKeySet();

    @Test
    void makeAndDestroyEveryKindOfObject() throws InterruptedException {
        try (Device device = Device.open(DeviceOptions.defaults())) {
            CountDownLatch start = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Thread thread = new Thread(() -> work(device, start));
                threads.add(thread);
                thread.start();
            }
            start.countDown();
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(50));
                assertThat(thread.isAlive()).isFalse();
            }
            assertThat(failures).isEmpty();
            DeviceAttributes left = device.query();
            assertThat(left.protectionDomains()).isZero();
            assertThat(left.completionQueues()).isZero();
            assertThat(left.queuePairs()).isZero();
            assertThat(left.regions()).isZero();
            assertThat(left.registeredOctets()).isZero();
        }
    }

    private void work(Device device, CountDownLatch start) {
        try {
            start.await();
            for (int round = 0; round < ROUNDS && failures.isEmpty(); round++) {
                makeAndDestroy(device);
            }
        } catch (InterruptedException | RuntimeException | AssertionError e) {
            failures.add(e);
        }
    }

    private void makeAndDestroy(Device device) {
        ProtectionDomain domain = device.allocateProtectionDomain();
        CompletionChannel channel = device.createCompletionChannel();
        CompletionQueue queue = device.createCompletionQueue(16, channel);
        SharedReceiveQueue shared = domain.createSharedReceiveQueue(SharedReceiveQueueOptions.ofDepth(4));
        QueuePairOptions options = QueuePairOptions.with(queue).withDepths(4, 4);
        QueuePair own = domain.createQueuePair(options);
        QueuePair sharing = domain.createQueuePair(options.withSharedReceiveQueue(shared));
        MemoryRegion region =
                domain.register(ByteBuffer.allocateDirect(64), AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
        MemoryWindow window = domain.allocateWindow(WindowType.QUEUE_PAIR);
        // What lives at the same time has names of its own.
        assertThat(List.of(stags.add(region.stag()), stags.add(window.stag()))).containsOnly(true);
        assertThat(List.of(queuePairs.add(own.number()), queuePairs.add(sharing.number())))
                .containsOnly(true);
        own.postReceive(new ReceiveRequest().receive(1).local(region, 0, 64)).orThrow();
        shared.postReceive(new ReceiveRequest().receive(2).local(region, 0, 64)).orThrow();
        stags.removeAll(List.of(region.stag(), window.stag()));
        queuePairs.removeAll(List.of(own.number(), sharing.number()));
        window.close();
        region.close();
        sharing.close();
        own.close();
        shared.close();
        queue.close();
        channel.close();
        domain.close();
    }
}
