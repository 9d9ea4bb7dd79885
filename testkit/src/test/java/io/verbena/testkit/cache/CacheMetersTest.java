package io.verbena.testkit.cache;

import static io.verbena.testkit.cache.CachedPeers.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbena.observe.Counters;
import io.verbena.observe.MicrometerBinder;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.async.CacheLookup;
import io.verbena.verbs.async.CacheOptions;
import io.verbena.verbs.async.CacheRemoval;
import io.verbena.verbs.async.CacheStatistics;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("tcp")
class CacheMetersTest {
    private static final int OCTETS = 1024;

    @Test
    @Requirement("SYS-CACHE-06")
    void hitsMissesUpgradesRemovalsAndOctetsAreCounted() throws Exception {
        Counters counters = new Counters();
        PairOptions options = PairOptions.defaults().withDevices(device -> device.withListener(counters));
        try (DevicePair pair = DevicePair.open(options);
                CachedPeers peers =
                        new CachedPeers(pair, CacheOptions.defaults().withMaxEntries(2))) {
            MemoryRegion far = peers.far(ByteBuffer.allocateDirect(OCTETS));
            ByteBuffer first = Memories.direct(OCTETS, 1);
            ByteBuffer second = Memories.heap(OCTETS, 2);
            ByteBuffer third = Memories.direct(OCTETS, 3);
            peers.write(first, far.remote());
            peers.write(first, far.remote());
            peers.read(first, far.remote());
            peers.read(second, far.remote());
            peers.write(third, far.remote());
            peers.cache().free(third, LONG);

            CacheStatistics statistics = peers.cache().statistics();
            assertThat(statistics.hits()).isEqualTo(1);
            assertThat(statistics.misses()).isEqualTo(3);
            assertThat(statistics.upgrades()).isEqualTo(1);
            assertThat(statistics.entries()).isEqualTo(1);
            assertThat(statistics.entriesInUse()).isZero();
            assertThat(statistics.octets()).isEqualTo(OCTETS);
            assertThat(statistics.removals(CacheRemoval.REPLACED)).isEqualTo(1);
            assertThat(statistics.removals(CacheRemoval.ENTRY_LIMIT)).isEqualTo(1);
            assertThat(statistics.removals(CacheRemoval.FREED)).isEqualTo(1);

            assertThat(counters.cacheLookups(CacheLookup.HIT)).isEqualTo(1);
            assertThat(counters.cacheLookups(CacheLookup.MISS)).isEqualTo(3);
            assertThat(counters.cacheLookups(CacheLookup.UPGRADE)).isEqualTo(1);
            for (CacheRemoval reason : CacheRemoval.values()) {
                assertThat(counters.cacheRemovals(reason)).isEqualTo(statistics.removals(reason));
            }
            assertThat(counters.cachedRegistrationsNow()).isEqualTo(1);
            assertThat(counters.cachedOctetsNow()).isEqualTo(OCTETS);
            assertThat(counters.snapshot()).containsEntry("cache_lookups.hit", 1L);
            requireMeters(counters);
        }
    }

    private static void requireMeters(Counters counters) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        new MicrometerBinder("client", counters).bindTo(registry);
        assertThat(registry.get("verbena.cache.lookups")
                        .tag("outcome", "miss")
                        .functionCounter()
                        .count())
                .isEqualTo(3);
        assertThat(registry.get("verbena.cache.removals")
                        .tag("reason", "entry_limit")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("verbena.cache.registrations").gauge().value()).isEqualTo(1);
        assertThat(registry.get("verbena.cache.size").gauge().value()).isEqualTo(OCTETS);
    }
}
