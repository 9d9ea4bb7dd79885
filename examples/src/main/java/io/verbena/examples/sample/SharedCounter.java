package io.verbena.examples.sample;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RemoteRegion;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Several ends change the same memory of one peer, whose own code changes it, too. A FetchAdd needs nothing else; a lock made of
 * CmpSwaps guards what takes more than one step.
 */
public final class SharedCounter {
    private static final int ENDS = 3;
    private static final int ROUNDS = 100;

    /** Offsets in the shared memory: a counter, a lock (0: free), and two numbers that the lock guards. */
    private static final int COUNTER = 0;

    private static final int LOCK = 8;
    private static final int GUARDED = 16;
    private static final int SHARED_OCTETS = 32;

    private SharedCounter() {}

    /** Runs the sample. */
    public static void main(String[] arguments) throws Exception {
        run(DeviceOptions.defaults(), System.out::println);
    }

    /** Lets all ends count, and look at the guarded numbers, which have to be equal whenever the lock is held. */
    public static void run(DeviceOptions options, Consumer<String> out) throws Exception {
        ByteBuffer shared = ByteBuffer.allocateDirect(SHARED_OCTETS).order(ByteOrder.nativeOrder());
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ExecutorService threads = Executors.newFixedThreadPool(ENDS);
        try (Device server = Device.open(options);
                Device client = Device.open(options);
                ConnectionListener listener = server.listen(anyPort)) {
            ProtectionDomain domain = server.allocateProtectionDomain();
            MemoryRegion region = domain.register(
                    shared.duplicate(),
                    AccessFlag.LOCAL_WRITE,
                    AccessFlag.REMOTE_READ,
                    AccessFlag.REMOTE_WRITE,
                    AccessFlag.REMOTE_ATOMIC);
            CompletionQueue silent = server.createCompletionQueue(16);
            List<End> ends = new ArrayList<>();
            for (int i = 1; i <= ENDS; i++) {
                End end = new End(client, i, region.remote());
                Future<Connection> connecting =
                        client.connectAsync(end.queuePair, listener.localAddress(), ConnectionParameters.defaults());
                listener.nextRequest(Duration.ofSeconds(5))
                        .accept(domain.createQueuePair(QueuePairOptions.with(silent)), ConnectionParameters.defaults());
                connecting.get(5, TimeUnit.SECONDS);
                ends.add(end);
            }

            List<Future<?>> work = new ArrayList<>();
            for (End end : ends) {
                work.add(threads.submit(end::count));
            }
            for (int i = 0; i < ROUNDS; i++) {
                // The owner of the memory counts along: through the same unit, so nobody loses an update.
                region.atomics().fetchAdd(COUNTER, 1);
            }
            for (Future<?> each : work) {
                each.get(30, TimeUnit.SECONDS);
            }
            out.accept(ENDS + " peers and the owner counted to " + shared.getLong(COUNTER));
            out.accept("the lock guarded " + shared.getLong(GUARDED) + " and " + shared.getLong(GUARDED + 8));
        } finally {
            threads.shutdownNow();
        }
    }

    /** One connection and its thread. */
    private static final class End {
        private final QueuePair queuePair;
        private final long ticket;
        private final RemoteRegion shared;
        private final ByteBuffer octets = ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder());
        private final MemoryRegion local;
        private final CompletionCursor completions;
        private final SendRequest request = new SendRequest();

        End(Device device, long ticket, RemoteRegion shared) {
            this.ticket = ticket;
            this.shared = shared;
            ProtectionDomain domain = device.allocateProtectionDomain();
            CompletionQueue queue = device.createCompletionQueue(4);
            queuePair = domain.createQueuePair(QueuePairOptions.with(queue));
            local = domain.register(octets.duplicate(), AccessFlag.LOCAL_WRITE);
            completions = queue.cursor();
        }

        Void count() throws TimeoutException {
            for (int i = 0; i < ROUNDS; i++) {
                carryOut(request.fetchAdd(shared.stag(), shared.address() + COUNTER, 1), 8);
                lock();
                changeBoth();
                unlock();
            }
            return null;
        }

        private void lock() throws TimeoutException {
            // Whoever finds 0 has put its ticket there. The others try again.
            do {
                carryOut(request.compareSwap(shared.stag(), shared.address() + LOCK, 0, ticket), 8);
            } while (octets.getLong(0) != 0);
        }

        private void unlock() throws TimeoutException {
            // An atomic operation comes after the Writes posted before it: the next holder sees them.
            carryOut(request.swap(shared.stag(), shared.address() + LOCK, 0), 8);
        }

        private void changeBoth() throws TimeoutException {
            carryOut(request.read(shared.stag(), shared.address() + GUARDED), 16);
            if (octets.getLong(0) != octets.getLong(8)) {
                throw new IllegalStateException("somebody else is inside the lock");
            }
            octets.putLong(0, octets.getLong(0) + 1).putLong(8, octets.getLong(8) + 1);
            carryOut(request.write(shared.stag(), shared.address() + GUARDED), 16);
        }

        private void carryOut(SendRequest next, long octetsUsed) throws TimeoutException {
            queuePair.postSend(next.local(local, 0, octetsUsed)).orThrow();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (!completions.next()) {
                if (System.nanoTime() > end) {
                    throw new TimeoutException(next.operation() + " did not complete within 10 seconds");
                }
            }
            if (!completions.success()) {
                throw new IllegalStateException(completions.cause().message());
            }
        }
    }
}
