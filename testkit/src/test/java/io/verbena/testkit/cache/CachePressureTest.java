package io.verbena.testkit.cache;

import static io.verbena.testkit.cache.CachedPeers.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.LimitExceededException;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.async.BufferLease;
import io.verbena.verbs.async.CacheOptions;
import io.verbena.verbs.async.CacheRemoval;
import io.verbena.verbs.async.CacheStatistics;
import io.verbena.verbs.async.Operation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("tcp")
class CachePressureTest {
    private static final int OCTETS = 1024;
    private static final int TRIES = 50;

    private final ByteBuffer farMemory = ByteBuffer.allocateDirect(OCTETS);

    @Test
    @Requirement("SYS-CACHE-04")
    void theIdleOneUsedLeastRecentlyGoesWhenEntriesRunOut(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair, CacheOptions.defaults().withMaxEntries(3))) {
            MemoryRegion far = peers.far(farMemory);
            List<ByteBuffer> buffers = buffers(4);
            for (int i : new int[] {0, 1, 2, 0, 3}) {
                peers.write(buffers.get(i), far.remote());
            }
            assertThat(buffers.stream().map(peers.cache()::registered)).containsExactly(true, false, true, true);
            assertThat(peers.cachedRegions()).isEqualTo(3);
            assertThat(peers.cache().statistics().removals(CacheRemoval.ENTRY_LIMIT))
                    .isEqualTo(1);
        }
    }

    @Test
    @Requirement("SYS-CACHE-04")
    void theIdleOnesUsedLeastRecentlyGoWhenOctetsRunOut(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair, CacheOptions.defaults().withMaxOctets(3 * OCTETS))) {
            MemoryRegion far = peers.far(farMemory);
            List<ByteBuffer> buffers = buffers(3);
            for (ByteBuffer buffer : buffers) {
                peers.write(buffer, far.remote());
            }
            ByteBuffer wide = ByteBuffer.allocateDirect(2 * OCTETS);
            peers.write(wide.limit(8), far.remote());
            assertThat(buffers.stream().map(peers.cache()::registered)).containsExactly(false, false, true);
            CacheStatistics statistics = peers.cache().statistics();
            assertThat(statistics.octets()).isEqualTo(3 * OCTETS);
            assertThat(statistics.removals(CacheRemoval.OCTET_LIMIT)).isEqualTo(2);
            assertThatThrownBy(() -> peers.write(ByteBuffer.allocate(4 * OCTETS), far.remote()))
                    .isInstanceOf(LimitExceededException.class)
                    .hasMessageContaining("maxOctets");
            assertThat(peers.cache().registered(wide)).isTrue();
        }
    }

    /** Replaced by one with more rights, it is registered until its last lease ends, and counts until then. */
    @Test
    @Requirement({"SYS-CACHE-04", "SYS-CACHE-06"})
    void whatWasReplacedAndIsInUseTakesItsPlace(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair, CacheOptions.defaults().withMaxEntries(2))) {
            ByteBuffer buffer = ByteBuffer.allocate(64);
            BufferLease old = peers.cache().lease(buffer, AccessFlag.LOCAL_READ, "who reads");
            peers.cache().lease(buffer, AccessFlag.LOCAL_WRITE, "who writes").end();
            assertThat(peers.cache().statistics().entries()).isEqualTo(2);
            assertThat(peers.cache().statistics().entriesInUse()).isEqualTo(1);
            ByteBuffer other = ByteBuffer.allocate(64);
            peers.cache().lease(other, AccessFlag.LOCAL_READ, "another").end();
            assertThat(peers.cachedRegions()).isEqualTo(2);
            assertThat(peers.cache().registered(buffer)).isFalse();
            assertThat(peers.cache().statistics().entries()).isEqualTo(2);
            old.end();
            assertThat(peers.cachedRegions()).isEqualTo(1);
            assertThat(peers.cache().statistics().entriesInUse()).isZero();
        }
    }

    /** The receives are the oldest, but in use: they stay, and get their messages at last. */
    @Test
    @Requirement("SYS-CACHE-04")
    void whatIsInUseNeverGoes(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair, CacheOptions.defaults().withMaxEntries(3))) {
            MemoryRegion far = peers.far(farMemory);
            ByteBuffer firstSink = ByteBuffer.allocateDirect(64);
            ByteBuffer secondSink = ByteBuffer.allocate(64);
            Operation first = peers.near().receive(firstSink);
            Operation second = peers.near().receive(secondSink);
            for (ByteBuffer buffer : buffers(10)) {
                peers.write(buffer, far.remote());
            }
            assertThat(peers.cache().statistics().entriesInUse()).isEqualTo(2);
            assertThat(peers.cache().statistics().removals(CacheRemoval.ENTRY_LIMIT))
                    .isEqualTo(9);

            BufferLease third = peers.cache().lease(ByteBuffer.allocate(8), AccessFlag.LOCAL_READ, "the third");
            assertThatThrownBy(() -> peers.write(ByteBuffer.allocate(8), far.remote()))
                    .isInstanceOf(LimitExceededException.class)
                    .hasMessageContaining("3 registrations (maxEntries), and all of them are in use");
            third.end();

            MemoryRegion outbox = pair.server().register(Memories.direct(128, 9));
            for (int i = 0; i < 2; i++) {
                pair.server()
                        .queuePair()
                        .postSend(new SendRequest().send().local(outbox, i * 64L, 64))
                        .orThrow();
            }
            first.await(LONG);
            second.await(LONG);
            assertThat(firstSink).isEqualTo(Memories.direct(128, 9).slice(0, 64));
            assertThat(secondSink).isEqualTo(Memories.direct(128, 9).slice(64, 64));
            pair.server().awaitSendSuccess();
            pair.server().awaitSendSuccess();
        }
    }

    /** A buffer nobody knows any more is collected though it is registered, and then its registration goes by itself. */
    @Test
    @Requirement("SYS-CACHE-04")
    void theRegistrationOfGarbageGoes(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion far = peers.far(farMemory);
            ByteBuffer kept = Memories.direct(OCTETS, 1);
            peers.write(kept, far.remote());
            useAndForget(peers, far);
            assertThat(peers.cachedRegions()).isEqualTo(5);

            for (int i = 0; i < TRIES && peers.cachedRegions() > 1; i++) {
                System.gc();
                awaitBriefly(() -> peers.cachedRegions() == 1);
            }

            assertThat(peers.cachedRegions()).isEqualTo(1);
            assertThat(peers.cache().statistics().removals(CacheRemoval.GARBAGE))
                    .isEqualTo(4);
            // What is known is still registered, and still usable after the collections.
            peers.write(kept, far.remote());
            peers.read(kept, far.remote());
            assertThat(kept).isEqualTo(farMemory);
            assertThat(peers.cache().registered(kept)).isTrue();
        }
    }

    /** The receive keeps the memory, though the application has lost the buffer. */
    @Test
    @Requirement("SYS-CACHE-04")
    void garbageInUseStaysUntilItsOperationEnds(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion outbox = pair.server().register(Memories.direct(64, 9));
            Operation direct = peers.near().receive(ByteBuffer.allocateDirect(64));
            Operation heap = peers.near().receive(ByteBuffer.allocate(64));
            for (int i = 0; i < 5; i++) {
                System.gc();
            }
            assertThat(peers.cachedRegions()).isEqualTo(2);
            for (int i = 0; i < 2; i++) {
                pair.server()
                        .queuePair()
                        .postSend(new SendRequest().send().local(outbox, 0, 64))
                        .orThrow();
                pair.server().awaitSendSuccess();
            }
            assertThat(direct.await(LONG).lengthOctets()).isEqualTo(64);
            assertThat(heap.await(LONG).lengthOctets()).isEqualTo(64);
            for (int i = 0; i < TRIES && peers.cachedRegions() > 0; i++) {
                System.gc();
                awaitBriefly(() -> peers.cachedRegions() == 0);
            }
            assertThat(peers.cachedRegions()).isZero();
        }
    }

    private static void useAndForget(CachedPeers peers, MemoryRegion far) throws Exception {
        ByteBuffer direct = Memories.direct(OCTETS, 2);
        peers.write(direct, far.remote());
        peers.read(Memories.direct(OCTETS, 3).slice(16, 100), far.remote());
        peers.write(Memories.heap(OCTETS, 4), far.remote());
        peers.read(Memories.heap(OCTETS, 5), far.remote());
    }

    /** Gives the cache's thread a moment between two collections. */
    private static void awaitBriefly(BooleanSupplier condition) {
        for (int i = 0; i < 100 && !condition.getAsBoolean(); i++) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static List<ByteBuffer> buffers(int count) {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            buffers.add(i % 2 == 0 ? Memories.direct(OCTETS, i) : Memories.heap(OCTETS, i));
        }
        return buffers;
    }
}
