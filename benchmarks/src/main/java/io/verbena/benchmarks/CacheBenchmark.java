package io.verbena.benchmarks;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.async.BufferLease;
import io.verbena.verbs.async.CacheOptions;
import io.verbena.verbs.async.RegistrationCache;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a hit of the registration cache saves: a lease of a buffer that is registered, is not, or is registered for each use. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CacheBenchmark {
    /** Other registrations in the cache. */
    private static final int OTHERS = 500;

    /** Octets of the buffer. */
    @Param({"4096", "16777216"})
    public int octets;

    /** Whether the buffer is direct. */
    @Param({"true", "false"})
    public boolean direct;

    private Device device;
    private ProtectionDomain domain;
    private RegistrationCache cache;
    private ByteBuffer buffer;
    private ByteBuffer part;
    private ByteBuffer[] others;

    /** Opens a device and fills a cache. */
    @Setup
    public void prepare() {
        device = Device.open(DeviceOptions.defaults().withBackgroundProgress(1));
        domain = device.allocateProtectionDomain();
        cache = domain.createRegistrationCache(CacheOptions.defaults());
        others = new ByteBuffer[OTHERS];
        for (int i = 0; i < OTHERS; i++) {
            others[i] = allocate(4096);
            cache.lease(others[i], AccessFlag.LOCAL_READ, this).end();
        }
        buffer = allocate(octets);
        cache.lease(buffer, AccessFlag.LOCAL_READ, this).end();
        part = cache.slice(buffer, 128, 256);
    }

    /** Closes everything. */
    @TearDown
    public void close() {
        cache.close();
        device.close();
    }

    private ByteBuffer allocate(int length) {
        return direct ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
    }

    /** The buffer is found. */
    @Benchmark
    public int hit() {
        return use(buffer);
    }

    /** A slice of the buffer is found. */
    @Benchmark
    public int hitOfASlice() {
        return use(part);
    }

    /** The buffer is not found, is registered, and freed again. */
    @Benchmark
    public int miss() throws TimeoutException, InterruptedException {
        int stag = use(buffer);
        cache.free(buffer, Duration.ZERO);
        return stag;
    }

    /** Without a cache: the buffer is registered and deregistered. */
    @Benchmark
    public int registeringEachTime() {
        try (MemoryRegion region = domain.register(buffer)) {
            return region.stag();
        }
    }

    private int use(ByteBuffer lent) {
        BufferLease lease = cache.lease(lent, AccessFlag.LOCAL_READ, this);
        int stag = lease.region().stag();
        lease.end();
        return stag;
    }
}
