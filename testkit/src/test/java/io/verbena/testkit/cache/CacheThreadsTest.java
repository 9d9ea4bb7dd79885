package io.verbena.testkit.cache;

import static io.verbena.testkit.cache.CachedPeers.LONG;
import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.Requirement;
import io.verbena.testkit.Seeded;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.async.CacheOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;

@Tag("tcp")
class CacheThreadsTest {
    private static final int THREADS = 4;
    private static final int OCTETS = 256;

    /** Each thread has its place at the peer; the sources are common, so that they are registered and given up by all of them. */
    @Seeded(count = 3)
    @Requirement({"SYS-CACHE-01", "SYS-CACHE-04"})
    void threadsShareACacheThatIsTooSmall(long seed, @ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair, CacheOptions.defaults().withMaxEntries(THREADS + 1))) {
            MemoryRegion far = peers.far(ByteBuffer.allocateDirect(THREADS * OCTETS));
            List<ByteBuffer> sources = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                sources.add(i % 2 == 0 ? Memories.direct(OCTETS, i) : Memories.heap(OCTETS, i));
            }
            ExecutorService pool = Executors.newFixedThreadPool(THREADS);
            try {
                List<Future<?>> ends = new ArrayList<>();
                for (int thread = 0; thread < THREADS; thread++) {
                    RemoteRegion place = far.remote((long) thread * OCTETS, OCTETS);
                    SplittableRandom random = new SplittableRandom(seed + thread);
                    ends.add(pool.submit(() -> {
                        walk(peers, sources, place, random);
                        return null;
                    }));
                }
                for (Future<?> end : ends) {
                    end.get(3 * LONG.toSeconds(), TimeUnit.SECONDS);
                }
            } finally {
                pool.shutdownNow();
            }
            assertThat(peers.cache().statistics().entriesInUse()).isZero();
            assertThat(peers.cachedRegions())
                    .isEqualTo(peers.cache().statistics().entries())
                    .isLessThanOrEqualTo(THREADS + 1);
        }
    }

    private static void walk(CachedPeers peers, List<ByteBuffer> sources, RemoteRegion place, SplittableRandom random)
            throws Exception {
        for (int step = 0; step < 100; step++) {
            ByteBuffer source = sources.get(random.nextInt(sources.size())).duplicate();
            int from = random.nextInt(OCTETS - 1);
            source.limit(from + 1 + random.nextInt(OCTETS - from)).position(from);
            peers.write(source, place);
            ByteBuffer back = random.nextBoolean()
                    ? ByteBuffer.allocate(source.remaining())
                    : ByteBuffer.allocateDirect(source.remaining());
            peers.read(back, place);
            assertThat(back).isEqualTo(source);
            if (random.nextInt(10) == 0) {
                freeUnlessInUse(peers, source);
            }
        }
    }

    private static void freeUnlessInUse(CachedPeers peers, ByteBuffer buffer) throws InterruptedException {
        try {
            peers.cache().free(buffer, Duration.ZERO);
        } catch (TimeoutException inUse) {
            assertThat(inUse).hasMessageContaining("in use by WRITE");
        }
    }
}
