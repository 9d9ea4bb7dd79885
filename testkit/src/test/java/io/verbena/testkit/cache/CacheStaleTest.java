package io.verbena.testkit.cache;

import static io.verbena.testkit.cache.CachedPeers.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.async.CacheRemoval;
import io.verbena.verbs.async.Operation;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@Tag("tcp")
class CacheStaleTest {
    private static final int OCTETS = 4096;
    private static final int ATTEMPTS = 1000;

    private final ByteBuffer farMemory = ByteBuffer.allocateDirect(OCTETS);

    @Test
    @Requirement("SYS-CACHE-05")
    @EnabledForJreRange(min = JRE.JAVA_22, disabledReason = "arenas came with Java 22")
    void newMemoryAtThePlaceOfAClosedArenaNeverSeesTheOldSteeringTag(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion far = peers.far(farMemory);
            ForeignMemory first = ForeignMemory.shared();
            ByteBuffer old = Memories.filled(first.allocate(OCTETS), 1);
            long address = ForeignMemory.address(old);
            int oldStag = use(peers, old, far);
            first.close();

            boolean samePlace = false;
            for (int attempt = 0; attempt < ATTEMPTS && !samePlace; attempt++) {
                try (ForeignMemory next = ForeignMemory.shared()) {
                    ByteBuffer memory = Memories.filled(next.allocate(OCTETS), 2);
                    samePlace = ForeignMemory.address(memory) == address;
                    if (samePlace) {
                        assertThat(peers.cache().registered(memory)).isFalse();
                    }
                    assertThat(use(peers, memory, far)).isNotEqualTo(oldStag);
                    assertThat(farMemory.duplicate().clear()).isEqualTo(memory);
                    assertThat(peers.cache().free(memory, LONG)).isTrue();
                }
            }
            assertThat(samePlace)
                    .as("memory at the same place within %s attempts", ATTEMPTS)
                    .isTrue();
            assertThat(peers.device().queryMemory(oldStag)).isNull();
            assertThat(peers.cache().statistics().removals(CacheRemoval.MEMORY_GONE))
                    .isEqualTo(1);
        }
    }

    @Test
    @Requirement("SYS-CACHE-05")
    @EnabledForJreRange(min = JRE.JAVA_22, disabledReason = "arenas came with Java 22")
    void aClosedScopeIsNoHit(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion far = peers.far(farMemory);
            ForeignMemory arena = ForeignMemory.shared();
            ByteBuffer memory = Memories.filled(arena.allocate(OCTETS), 1);
            use(peers, memory, far);
            arena.close();

            assertThat(peers.cache().registered(memory)).isFalse();
            assertThatThrownBy(() -> peers.write(memory, far.remote()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("its scope was closed");
            assertThat(peers.cachedRegions()).isZero();
            try (ForeignMemory own = ForeignMemory.confined()) {
                ByteBuffer confined = own.allocate(8);
                assertThatThrownBy(() -> peers.write(confined, far.remote()))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("one thread alone");
            }
        }
    }

    /**
     * Direct memory that the collector frees and gives out again. On every version of Java; which places are given out again is the
     * system's choice, but whatever they are, the new buffer's octets arrive.
     */
    @Test
    @Requirement("SYS-CACHE-05")
    void memoryThatTheCollectorFreedIsNoHit(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion far = peers.far(farMemory);
            Set<Integer> stags = new HashSet<>();
            for (int round = 0; round < 40; round++) {
                ByteBuffer memory = Memories.direct(OCTETS, round);
                assertThat(peers.cache().registered(memory)).isFalse();
                Operation write = peers.near().write(memory, far.remote());
                stags.add(write.leases().get(0).region().stag());
                write.await(LONG);
                peers.read(ByteBuffer.allocate(1), far.remote());
                assertThat(farMemory.duplicate().clear()).isEqualTo(memory);
                if (round % 8 == 7) {
                    System.gc();
                }
            }
            assertThat(stags).hasSize(40);
            assertThat(peers.cache().statistics().hits()).isZero();
        }
    }

    @Test
    @Requirement("SYS-CACHE-05")
    void freedMemoryHasNoSteeringTagAnyMore(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion far = peers.far(farMemory);
            ByteBuffer memory = Memories.direct(OCTETS, 1);
            int old = use(peers, memory, far);
            peers.cache().free(memory, Duration.ZERO);
            assertThat(peers.device().queryMemory(old)).isNull();
            assertThat(use(peers, memory, far)).isNotEqualTo(old);
        }
    }

    private static int use(CachedPeers peers, ByteBuffer memory, MemoryRegion far) throws Exception {
        Operation write = peers.near().write(memory, far.remote());
        int stag = write.leases().get(0).region().stag();
        write.await(LONG);
        ByteBuffer back = ByteBuffer.allocateDirect(1);
        peers.read(back, far.remote());
        peers.cache().free(back, LONG);
        assertThat(peers.cache().options().maxEntries()).isPositive();
        return stag;
    }
}
