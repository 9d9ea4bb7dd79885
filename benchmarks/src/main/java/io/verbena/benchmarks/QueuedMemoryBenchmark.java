package io.verbena.benchmarks;

import io.verbena.memory.Invalidator;
import io.verbena.memory.MemoryTranslationProtectionTable;
import io.verbena.memory.MemoryUser;
import io.verbena.memory.PreparedBinding;
import io.verbena.memory.PreparedRegistration;
import io.verbena.memory.TableLimits;
import io.verbena.memory.TagRecord;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.DeviceOptions.StagPolicy;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.WindowType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What the table does when the send queue registers, binds and invalidates, without the queue: the checks, and the change of
 * the entry. Preparing (a fast registration's page list, a binding's STag) is measured apart, because the application does it
 * earlier and in its own thread. Each invocation works on many entries; what comes before and after lies outside the time
 * that is measured.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class QueuedMemoryBenchmark {
    private static final int ENTRIES = 256;
    private static final int DOMAIN = 1;
    private static final int QUEUE_PAIR_NUMBER = 1;
    private static final int PAGE_OCTETS = 4096;
    private static final MemoryUser USER = new BenchmarkUser(DOMAIN);

    /** Regions without memory, and memory for them. */
    @State(Scope.Thread)
    public static class Allocated {
        /** Octets of a region, in pages of 4096. */
        @Param({"4096", "1048576"})
        public int octets;

        final TagRecord[] regions = new TagRecord[ENTRIES];
        final PreparedRegistration[] registrations = new PreparedRegistration[ENTRIES];
        MemoryTranslationProtectionTable table;
        private List<ByteBuffer> memory;
        private RegionOptions options;

        /** Allocates the regions. */
        @Setup
        public void allocate() {
            table = table();
            memory = List.of(ByteBuffer.allocateDirect(octets));
            options = RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE)
                    .withPageOctets(PAGE_OCTETS);
            for (int i = 0; i < ENTRIES; i++) {
                regions[i] = table.allocateRegion(DOMAIN, octets / PAGE_OCTETS, true);
            }
        }

        PreparedRegistration prepare() {
            for (int i = 0; i < ENTRIES; i++) {
                registrations[i] = table.prepareRegistration(regions[i], memory, options);
            }
            return registrations[ENTRIES - 1];
        }

        FailedCheck register() {
            FailedCheck failed = null;
            for (PreparedRegistration registration : registrations) {
                failed = requireDone(table.fastRegister(registration, DOMAIN));
            }
            return failed;
        }

        FailedCheck invalidate() {
            FailedCheck failed = null;
            for (PreparedRegistration registration : registrations) {
                failed = requireDone(table.invalidate(registration.stag(), DOMAIN, USER, Invalidator.LOCAL));
            }
            return failed;
        }
    }

    /** Registrations are prepared when the measured time begins. */
    public static class Prepared extends Allocated {
        /** Prepares. */
        @Setup(Level.Invocation)
        public void before() {
            prepare();
        }

        /** Makes the regions invalid. */
        @TearDown(Level.Invocation)
        public void after() {
            invalidate();
        }
    }

    /** Regions are valid when the measured time begins. */
    public static class Valid extends Allocated {
        /** Registers. */
        @Setup(Level.Invocation)
        public void before() {
            prepare();
            register();
        }
    }

    /** Windows, and bindings that are prepared when the measured time begins. */
    @State(Scope.Thread)
    public static class Windows {
        final TagRecord[] windows = new TagRecord[ENTRIES];
        final PreparedBinding[] bindings = new PreparedBinding[ENTRIES];
        MemoryTranslationProtectionTable table;
        private TagRecord region;

        /** Allocates the windows, and the one region below them. */
        @Setup
        public void allocate() {
            table = table();
            RegionOptions options = RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.WINDOW_BIND);
            region = table.register(DOMAIN, List.of(ByteBuffer.allocateDirect(ENTRIES * PAGE_OCTETS)), options)
                    .record();
            for (int i = 0; i < ENTRIES; i++) {
                windows[i] = table.allocateWindow(DOMAIN, WindowType.QUEUE_PAIR);
            }
        }

        /** Prepares. */
        @Setup(Level.Invocation)
        public void before() {
            for (int i = 0; i < ENTRIES; i++) {
                bindings[i] = table.prepareBinding(
                        windows[i],
                        region,
                        (long) i * PAGE_OCTETS,
                        PAGE_OCTETS,
                        false,
                        Set.of(AccessFlag.REMOTE_WRITE));
            }
        }

        /** Invalidates. */
        @TearDown(Level.Invocation)
        public void after() {
            for (PreparedBinding binding : bindings) {
                requireDone(table.invalidate(binding.stag(), DOMAIN, USER, Invalidator.LOCAL));
            }
        }
    }

    /** Works out the page lists of fast registrations; returns the last. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public PreparedRegistration prepareFastRegister(Allocated regions) {
        return regions.prepare();
    }

    /** Makes regions valid; returns the last check that failed: none. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public FailedCheck fastRegister(Prepared regions) {
        return regions.register();
    }

    /** Makes regions invalid; returns the last check that failed: none. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public FailedCheck localInvalidate(Valid regions) {
        return regions.invalidate();
    }

    /** Binds windows to parts of a region; returns the last check that failed: none. */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public FailedCheck bind(Windows windows) {
        FailedCheck failed = null;
        for (PreparedBinding binding : windows.bindings) {
            failed = requireDone(windows.table.bind(binding, DOMAIN, USER, QUEUE_PAIR_NUMBER));
        }
        return failed;
    }

    private static MemoryTranslationProtectionTable table() {
        return new MemoryTranslationProtectionTable(
                new TableLimits(ENTRIES, ENTRIES, ENTRIES, ENTRIES),
                StagPolicy.UNPREDICTABLE,
                WindowLifetime.UNTIL_INVALIDATED,
                new SplittableRandom(1));
    }

    private static FailedCheck requireDone(FailedCheck failed) {
        if (failed != null) {
            throw new IllegalStateException("refused: " + failed);
        }
        return null;
    }
}
