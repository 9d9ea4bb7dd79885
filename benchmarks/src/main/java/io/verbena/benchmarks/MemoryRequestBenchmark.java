package io.verbena.benchmarks;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairOptions;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a program pays for memory requests of the send queue, from post to completion, on a connection over loopback TCP. The
 * device is caller-driven, so that one thread does everything and no wake-up of another one is measured. Each invocation posts
 * a batch with one completion at its end; what comes before and after lies outside the time that is measured.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MemoryRequestBenchmark {
    private static final int BATCH = 64;
    private static final int OCTETS = 4096;

    /** A connected pair on one device. */
    @State(Scope.Thread)
    public static class Connection {
        final SendRequest request = new SendRequest();
        DevicePair pair;
        QueuePair queuePair;

        /** Connects. */
        @Setup
        public void connect() {
            pair = DevicePair.open(PairOptions.defaults()
                    .withOneDevice()
                    .withCallerDrivenProgress()
                    .withQueuePairs(options -> options.withFastRegister(true)));
            queuePair = pair.client().queuePair();
            prepareMemory();
        }

        /** Closes everything. */
        @TearDown
        public void close() {
            closeMemory();
            pair.close();
        }

        /** Makes what the requests are about. */
        void prepareMemory() {}

        /** Closes what was made. */
        void closeMemory() {}

        /** Posts {@code next} as number {@code index} of a batch, of which the last is signaled. */
        void post(SendRequest next, int index) {
            queuePair.postSend(next.signaled(index == BATCH - 1)).orThrow();
        }

        WorkCompletion awaitBatch() {
            return pair.client().awaitSendSuccess();
        }
    }

    /** Regions without memory. */
    public static class Regions extends Connection {
        final MemoryRegion[] regions = new MemoryRegion[BATCH];
        final FastRegistration[] registrations = new FastRegistration[BATCH];
        private final ByteBuffer memory = ByteBuffer.allocateDirect(OCTETS);

        @Override
        void prepareMemory() {
            for (int i = 0; i < BATCH; i++) {
                regions[i] = pair.clientDomain().allocateRegion(1, true);
            }
        }

        @Override
        void closeMemory() {
            for (MemoryRegion region : regions) {
                region.close();
            }
        }

        void prepareRegistrations() {
            for (int i = 0; i < BATCH; i++) {
                registrations[i] = regions[i].fastRegistration(memory, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
            }
        }

        WorkCompletion register() {
            for (int i = 0; i < BATCH; i++) {
                post(request.fastRegister(registrations[i]), i);
            }
            return awaitBatch();
        }

        WorkCompletion invalidate() {
            for (int i = 0; i < BATCH; i++) {
                post(request.localInvalidate(regions[i].stag()), i);
            }
            return awaitBatch();
        }
    }

    /** Registrations are prepared when the measured time begins. */
    public static class Prepared extends Regions {
        /** Prepares. */
        @Setup(Level.Invocation)
        public void before() {
            prepareRegistrations();
        }

        /** Makes the regions invalid. */
        @TearDown(Level.Invocation)
        public void after() {
            invalidate();
        }
    }

    /** Regions are valid when the measured time begins. */
    public static class Valid extends Regions {
        /** Registers. */
        @Setup(Level.Invocation)
        public void before() {
            prepareRegistrations();
            register();
        }
    }

    /** Windows, and bindings that are prepared when the measured time begins. */
    public static class Windows extends Connection {
        private final MemoryWindow[] windows = new MemoryWindow[BATCH];
        private final WindowBinding[] bindings = new WindowBinding[BATCH];
        private MemoryRegion region;

        @Override
        void prepareMemory() {
            region = pair.clientDomain()
                    .register(
                            List.of(ByteBuffer.allocateDirect(BATCH * OCTETS)),
                            RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.WINDOW_BIND));
            for (int i = 0; i < BATCH; i++) {
                windows[i] = pair.clientDomain().allocateWindow(WindowType.QUEUE_PAIR);
            }
        }

        @Override
        void closeMemory() {
            for (MemoryWindow window : windows) {
                window.close();
            }
            region.close();
        }

        /** Prepares. */
        @Setup(Level.Invocation)
        public void before() {
            for (int i = 0; i < BATCH; i++) {
                bindings[i] = windows[i].binding(region, (long) i * OCTETS, OCTETS, AccessFlag.REMOTE_WRITE);
            }
        }

        /** Invalidates. */
        @TearDown(Level.Invocation)
        public void after() {
            for (int i = 0; i < BATCH; i++) {
                post(request.localInvalidate(bindings[i].stag()), i);
            }
            awaitBatch();
        }

        WorkCompletion bind() {
            for (int i = 0; i < BATCH; i++) {
                post(request.bindWindow(bindings[i]), i);
            }
            return awaitBatch();
        }
    }

    /** Fast registers; returns the completion. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public WorkCompletion fastRegister(Prepared regions) {
        return regions.register();
    }

    /** Invalidates; returns the completion. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public WorkCompletion localInvalidate(Valid regions) {
        return regions.invalidate();
    }

    /** Binds windows to parts of a region; returns the completion. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public WorkCompletion bind(Windows windows) {
        return windows.bind();
    }
}
