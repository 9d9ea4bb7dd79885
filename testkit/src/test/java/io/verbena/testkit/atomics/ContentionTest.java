package io.verbena.testkit.atomics;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.Requirement;
import io.verbena.testkit.SystemDeadline;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.LocalAtomics;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several devices, several queue pairs of each, several loops at the target, and local threads: no update is lost. */
@Tag("tcp")
@Timeout(60)
class ContentionTest {
    private static final int CLIENTS = 3;
    private static final int QUEUE_PAIRS = 2;
    private static final int LOCAL_THREADS = 2;
    private static final int UPDATES = 1_000;

    @Test
    @Requirement({"SYS-MEM-15", "EXT-5-01", "EXT-5.3-01", "EXT-5.4-02"})
    void noAdditionIsLost() throws Exception {
        try (Arena arena = new Arena()) {
            List<Callable<Void>> work = new ArrayList<>();
            for (Worker worker : arena.workers) {
                work.add(() -> {
                    for (int i = 0; i < UPDATES; i++) {
                        worker.post(worker.request.fetchAdd(worker.target.stag(), worker.target.startAddress(), 1));
                    }
                    return null;
                });
            }
            for (int i = 0; i < LOCAL_THREADS; i++) {
                LocalAtomics local = arena.regions.get(i % 2).atomics();
                work.add(() -> {
                    for (int update = 0; update < UPDATES; update++) {
                        local.fetchAdd(0, 1);
                    }
                    return null;
                });
            }
            arena.runAll(work);
            assertThat(arena.memory.getLong(0)).isEqualTo((long) work.size() * UPDATES);
        }
    }

    /** A lock by compare-and-swap guards a counter that is read and written without atomicity. */
    @Test
    @Requirement({"SYS-MEM-15", "EXT-5.3-01", "EXT-5.4-02"})
    void aLockByCompareAndSwapExcludes() throws Exception {
        int updates = 60;
        try (Arena arena = new Arena()) {
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < arena.workers.size(); i++) {
                Worker worker = arena.workers.get(i);
                long ticket = i + 1;
                work.add(() -> {
                    for (int update = 0; update < updates; update++) {
                        worker.lock(ticket);
                        worker.addTo(8);
                        worker.unlock(ticket);
                    }
                    return null;
                });
            }
            arena.runAll(work);
            assertThat(arena.memory.getLong(8)).isEqualTo((long) work.size() * updates);
            assertThat(arena.memory.getLong(0)).isZero();
        }
    }

    /** One target device with the same memory registered twice, and everybody who is connected to it. */
    private static final class Arena implements AutoCloseable {
        final ByteBuffer memory = ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder());
        final List<MemoryRegion> regions = new ArrayList<>();
        final List<Worker> workers = new ArrayList<>();
        private final List<Device> clients = new ArrayList<>();
        private final Device server =
                Device.open(DeviceOptions.defaults().withName("target").withBackgroundProgress(2));

        Arena() throws Exception {
            ProtectionDomain domain = server.allocateProtectionDomain();
            for (int i = 0; i < 2; i++) {
                regions.add(domain.register(List.of(memory.slice()), Counter.rights()));
            }
            CompletionQueue quiet = server.createCompletionQueue(1024);
            try (ConnectionListener listener =
                    server.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
                for (int i = 0; i < CLIENTS; i++) {
                    Device client = Device.open(
                            DeviceOptions.defaults().withName("client-" + i).withBackgroundProgress(1));
                    clients.add(client);
                    for (int j = 0; j < QUEUE_PAIRS; j++) {
                        Worker worker = new Worker(client, regions.get(j % 2));
                        CompletableFuture<Connection> connecting = client.connectAsync(
                                worker.queuePair, listener.localAddress(), ConnectionParameters.defaults());
                        listener.nextRequest(Duration.ofSeconds(10))
                                .accept(
                                        domain.createQueuePair(QueuePairOptions.with(quiet)),
                                        ConnectionParameters.defaults());
                        connecting.get(10, TimeUnit.SECONDS);
                        workers.add(worker);
                    }
                }
            }
        }

        void runAll(List<Callable<Void>> work) throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(work.size());
            try {
                for (Future<Void> each : threads.invokeAll(work, 50, TimeUnit.SECONDS)) {
                    each.get();
                }
            } finally {
                threads.shutdownNow();
            }
        }

        @Override
        public void close() {
            clients.forEach(Device::close);
            server.close();
        }
    }

    /** One connection, used by one thread. */
    private static final class Worker {
        final SendRequest request = new SendRequest();
        final MemoryRegion target;
        final QueuePair queuePair;
        private final ByteBuffer octets = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
        private final MemoryRegion sink;
        private final CompletionCursor done;

        Worker(Device device, MemoryRegion target) {
            this.target = target;
            ProtectionDomain domain = device.allocateProtectionDomain();
            CompletionQueue completions = device.createCompletionQueue(16);
            queuePair = domain.createQueuePair(QueuePairOptions.with(completions));
            sink = domain.register(octets.slice(), AccessFlag.LOCAL_WRITE);
            done = completions.cursor();
        }

        /** Carries out a request on the 8 octets of the sink, and returns what is in them then. */
        long post(SendRequest next) {
            queuePair.postSend(next.local(sink, 0, 8)).orThrow();
            SystemDeadline.awaitUsual("a completion", done::next);
            assertThat(done.success()).as("%s", done.cause()).isTrue();
            return octets.getLong(0);
        }

        void lock(long ticket) {
            SystemDeadline.awaitUsual(
                    "the lock", () -> post(request.compareSwap(target.stag(), target.startAddress(), 0, ticket)) == 0);
        }

        void unlock(long ticket) {
            assertThat(post(request.swap(target.stag(), target.startAddress(), 0)))
                    .isEqualTo(ticket);
        }

        void addTo(int offset) {
            long address = target.startAddress() + offset;
            octets.putLong(0, post(request.read(target.stag(), address)) + 1);
            post(request.write(target.stag(), address));
        }
    }
}
