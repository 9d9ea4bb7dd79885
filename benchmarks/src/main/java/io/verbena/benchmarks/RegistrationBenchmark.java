package io.verbena.benchmarks;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.TranslationMode;
import java.nio.ByteBuffer;
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
 * What the verbs cost that return when memory is registered and when it is not any more, by length of the region. Each
 * invocation works on many regions; what undoes it lies outside the time that is measured.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RegistrationBenchmark {
    private static final int REGIONS = 256;
    private static final int PAGE_OCTETS = 4096;

    /** A device and the regions, all over the same memory. */
    @State(Scope.Thread)
    public static class Regions {
        /** Octets of a region, in pages of 4096. */
        @Param({"4096", "1048576", "16777216"})
        public int octets;

        /** Mode of translation. */
        @Param
        public TranslationMode mode;

        private final MemoryRegion[] regions = new MemoryRegion[REGIONS];
        private Device device;
        private ProtectionDomain domain;
        private ByteBuffer memory;
        private RegionOptions options;

        /** Opens a device. */
        @Setup
        public void open() {
            device = Device.open();
            domain = device.allocateProtectionDomain();
            memory = ByteBuffer.allocateDirect(octets);
            options = RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE)
                    .withPageOctets(PAGE_OCTETS)
                    .withTranslationMode(mode);
        }

        /** Closes the device. */
        @TearDown
        public void close() {
            device.close();
        }

        MemoryRegion register() {
            for (int i = 0; i < REGIONS; i++) {
                regions[i] = domain.register(memory, options);
            }
            return regions[REGIONS - 1];
        }

        MemoryRegion deregister() {
            for (MemoryRegion region : regions) {
                region.close();
            }
            return regions[REGIONS - 1];
        }
    }

    /** Regions that are registered when the measured time begins. */
    public static class Registered extends Regions {
        /** Registers all. */
        @Setup(Level.Invocation)
        public void before() {
            register();
        }
    }

    /** Regions that are not registered when the measured time begins. */
    public static class Unregistered extends Regions {
        /** Deregisters all. */
        @TearDown(Level.Invocation)
        public void after() {
            deregister();
        }
    }

    /** Registers regions; returns the last. */
    @Benchmark
    @OperationsPerInvocation(REGIONS)
    public MemoryRegion register(Unregistered regions) {
        return regions.register();
    }

    /** Deregisters regions; returns the last. */
    @Benchmark
    @OperationsPerInvocation(REGIONS)
    public MemoryRegion deregister(Registered regions) {
        return regions.deregister();
    }
}
