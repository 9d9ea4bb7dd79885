package io.verbena.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.LimitExceededException;
import io.verbena.verbs.async.BufferLease;
import io.verbena.verbs.async.CacheOptions;
import io.verbena.verbs.async.CacheRemoval;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

class SoftRegistrationCacheTest {
    private static final int LOOKUPS = 20_000;
    private static final int WARM_UP_ROUNDS = 10;

    private final FakeCacheHost host = new FakeCacheHost();
    private SoftRegistrationCache cache = new SoftRegistrationCache(host, CacheOptions.defaults());

    @AfterEach
    void closes() {
        cache.close();
    }

    @Test
    void aLookupThatHitsAllocatesNothing() {
        ByteBuffer direct = ByteBuffer.allocateDirect(4096);
        ByteBuffer heap = ByteBuffer.allocate(4096).slice(100, 100);
        ByteBuffer slice = cache.slice(direct, 1000, 10);
        use(direct);
        use(heap);
        assertThat(octetsAllocatedByLookups(direct)).isLessThan(LOOKUPS);
        assertThat(octetsAllocatedByLookups(heap)).isLessThan(LOOKUPS);
        // A slice's address is asked of a segment and its lifetime, which Java makes anew: two small objects.
        assertThat(octetsAllocatedByLookups(slice)).isLessThan(100L * LOOKUPS);
    }

    private long octetsAllocatedByLookups(ByteBuffer buffer) {
        ThreadMXBean meter = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < WARM_UP_ROUNDS && allocated >= LOOKUPS; round++) {
            long before = meter.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < LOOKUPS; i++) {
                if (!cache.registered(buffer)) {
                    throw new AssertionError("not registered");
                }
            }
            allocated = meter.getCurrentThreadAllocatedBytes() - before;
        }
        return allocated;
    }

    @Test
    void aFullDeviceMakesIdleRegistrationsGo() {
        host.withMost(2);
        ByteBuffer first = ByteBuffer.allocate(8);
        ByteBuffer second = ByteBuffer.allocate(8);
        use(first);
        BufferLease lease = cache.lease(second, AccessFlag.LOCAL_READ, "the second");
        use(ByteBuffer.allocate(8));
        assertThat(cache.registered(first)).isFalse();
        assertThat(cache.registered(second)).isTrue();
        assertThat(cache.statistics().removals(CacheRemoval.DEVICE_LIMIT)).isEqualTo(1);
        BufferLease third = cache.lease(ByteBuffer.allocate(8), AccessFlag.LOCAL_READ, "the third");
        assertThatThrownBy(() -> use(ByteBuffer.allocate(8)))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("maxRegions");
        lease.end();
        third.end();
    }

    @Test
    void aRegionClosedBehindTheCacheIsRegisteredAnew() {
        ByteBuffer buffer = ByteBuffer.allocate(8);
        BufferLease lease = cache.lease(buffer, AccessFlag.LOCAL_READ, "first");
        lease.end();
        lease.region().close();
        BufferLease again = cache.lease(buffer, AccessFlag.LOCAL_READ, "second");
        assertThat(again.region().stag()).isNotEqualTo(lease.region().stag());
        assertThat(again.region().closed()).isFalse();
        again.end();
    }

    @Test
    @EnabledForJreRange(
            min = JRE.JAVA_22,
            disabledReason = "Java tells no address of a direct buffer before version 22")
    void widerMemoryTakesThePlaceOfWhatLiesInsideIt() {
        ByteBuffer whole = ByteBuffer.allocateDirect(1000);
        ByteBuffer inside = whole.slice(100, 100);
        cache.lease(inside, AccessFlag.LOCAL_WRITE, "inside").end();
        use(whole.slice(300, 100));
        BufferLease inUse = cache.lease(whole.slice(500, 100), AccessFlag.LOCAL_READ, "in use");
        use(whole);
        // With the right that one of them had; the one in use ends with its lease.
        assertThat(host.region(3).writable()).isTrue();
        assertThat(host.region(0).closed()).isTrue();
        assertThat(host.region(1).closed()).isTrue();
        assertThat(host.region(2).closed()).isFalse();
        assertThat(cache.statistics().removals(CacheRemoval.REPLACED)).isEqualTo(3);
        inUse.end();
        assertThat(host.open()).isEqualTo(1);
        use(inside);
        assertThat(host.registrations()).isEqualTo(4);
    }

    @Test
    @EnabledForJreRange(
            min = JRE.JAVA_22,
            disabledReason = "Java tells no address of a direct buffer before version 22")
    void memoryThatOverlapsInPartStays() {
        ByteBuffer whole = ByteBuffer.allocateDirect(1000);
        ByteBuffer left = whole.slice(0, 600);
        ByteBuffer right = whole.slice(400, 600);
        use(left);
        use(right);
        BufferLease middle = cache.lease(whole.slice(450, 100), AccessFlag.LOCAL_READ, "the middle");
        assertThat(host.registrations()).isEqualTo(2);
        middle.end();
        BufferLease end = cache.lease(whole.slice(590, 20), AccessFlag.LOCAL_READ, "the end");
        assertThat(end.region().stag()).isEqualTo(1);
        assertThat(end.offset()).isEqualTo(190);
        end.end();
        assertThatThrownBy(() -> {
                    BufferLease lease = cache.lease(left, AccessFlag.LOCAL_READ, "the left");
                    try {
                        cache.free(right.slice(0, 10), Duration.ZERO);
                    } finally {
                        lease.end();
                    }
                })
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("the left");
    }

    @Test
    @EnabledForJreRange(
            min = JRE.JAVA_22,
            disabledReason = "Java tells no address of a direct buffer before version 22")
    void aWritableViewUpgradesWhatAReadOnlyOneRegistered() {
        ByteBuffer whole = ByteBuffer.allocateDirect(1000);
        use(whole.asReadOnlyBuffer());
        BufferLease lease = cache.lease(whole.slice(10, 10), AccessFlag.LOCAL_WRITE, "a receive");
        assertThat(host.region(1).writable()).isTrue();
        lease.end();
        assertThat(host.open()).isEqualTo(1);
    }

    @Test
    void slicesOfSlicesThatTheCacheMadeAreFoundInTheFirstBuffer() {
        ByteBuffer whole = ByteBuffer.allocateDirect(1000);
        ByteBuffer inner = cache.slice(cache.slice(whole, 100, 500), 50, 10);
        inner.position(3);
        BufferLease lease = cache.lease(inner, AccessFlag.LOCAL_READ, "a slice");
        use(whole);
        assertThat(cache.statistics().hits()).isLessThanOrEqualTo(1);
        assertThat(lease.lengthOctets()).isEqualTo(7);
        lease.end();
        BufferLease again = cache.lease(inner, AccessFlag.LOCAL_READ, "a slice");
        assertThat(again.region().lengthOctets()).isEqualTo(1000);
        assertThat(again.offset()).isEqualTo(153);
        again.end();
    }

    @Test
    void threadsThatBringOneBufferAtOnceGetOneRegistration() throws Exception {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 50; round++) {
                ByteBuffer buffer = round % 2 == 0 ? ByteBuffer.allocateDirect(64) : ByteBuffer.allocate(64);
                CyclicBarrier start = new CyclicBarrier(threads);
                List<Future<Integer>> stags = new ArrayList<>();
                for (int thread = 0; thread < threads; thread++) {
                    stags.add(pool.submit(() -> {
                        start.await(10, TimeUnit.SECONDS);
                        BufferLease lease = cache.lease(buffer, AccessFlag.LOCAL_READ, "one of many");
                        lease.end();
                        return lease.region().stag();
                    }));
                }
                for (Future<Integer> stag : stags) {
                    assertThat(stag.get(10, TimeUnit.SECONDS)).isEqualTo(round);
                }
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(host.registrations()).isEqualTo(50);
    }

    /** Threads lease, upgrade, free and close at random under pressure; nobody's lease ever loses its region. */
    @Test
    void noLeaseLosesItsRegionWhateverOthersDo() throws Exception {
        for (long seed = 0; seed < 5; seed++) {
            SoftRegistrationCache small =
                    new SoftRegistrationCache(host, CacheOptions.defaults().withMaxEntries(12));
            ByteBuffer[] buffers = new ByteBuffer[16];
            for (int i = 0; i < buffers.length; i++) {
                buffers[i] = i % 2 == 0 ? ByteBuffer.allocateDirect(64) : ByteBuffer.allocate(64);
            }
            ExecutorService pool = Executors.newFixedThreadPool(4);
            try {
                List<Future<Integer>> ends = new ArrayList<>();
                for (int thread = 0; thread < 4; thread++) {
                    SplittableRandom random = new SplittableRandom(seed * 100 + thread);
                    ends.add(pool.submit(() -> walk(small, buffers, random)));
                }
                for (Future<Integer> end : ends) {
                    assertThat(end.get(30, TimeUnit.SECONDS))
                            .as("seed %s", seed)
                            .isPositive();
                }
            } finally {
                pool.shutdownNow();
            }
            assertThat(small.statistics().entriesInUse()).isZero();
            assertThat(small.statistics().octets())
                    .isEqualTo(64L * small.statistics().entries());
            assertThat(host.open()).isEqualTo(small.statistics().entries());
            small.close();
            assertThat(host.open()).isZero();
        }
    }

    private int walk(SoftRegistrationCache small, ByteBuffer[] buffers, SplittableRandom random) throws Exception {
        int leases = 0;
        for (int step = 0; step < 2000; step++) {
            ByteBuffer buffer = buffers[random.nextInt(buffers.length)];
            switch (random.nextInt(10)) {
                case 0 -> tryFree(small, buffer);
                case 1 -> small.registered(buffer);
                default -> {
                    AccessFlag right = random.nextInt(4) == 0 ? AccessFlag.LOCAL_WRITE : AccessFlag.LOCAL_READ;
                    leases += tryLease(small, buffer, right);
                }
            }
        }
        return leases;
    }

    private static void tryFree(SoftRegistrationCache small, ByteBuffer buffer) throws InterruptedException {
        try {
            small.free(buffer, Duration.ZERO);
        } catch (TimeoutException inUse) {
            assertThat(inUse).hasMessageContaining("in use by a step");
        }
    }

    private int tryLease(SoftRegistrationCache small, ByteBuffer buffer, AccessFlag right) {
        BufferLease lease;
        try {
            lease = small.lease(buffer, right, "a step");
        } catch (LimitExceededException full) {
            assertThat(full).hasMessageContaining("maxEntries");
            return 0;
        }
        FakeCacheHost.Region region = host.region(lease.region().stag());
        Thread.yield();
        assertThat(region.closed()).isFalse();
        assertThat(right == AccessFlag.LOCAL_READ || region.writable()).isTrue();
        lease.end();
        return 1;
    }

    private void use(ByteBuffer buffer) {
        cache.lease(buffer, AccessFlag.LOCAL_READ, "a use").end();
    }
}
