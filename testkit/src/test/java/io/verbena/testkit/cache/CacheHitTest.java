package io.verbena.testkit.cache;

import static io.verbena.testkit.cache.CachedPeers.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.async.BufferLease;
import io.verbena.verbs.async.CacheOptions;
import io.verbena.verbs.async.CacheRemoval;
import io.verbena.verbs.async.Operation;
import io.verbena.verbs.async.RegistrationCache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

@Tag("tcp")
class CacheHitTest {
    private static final int OCTETS = 4096;

    private final ByteBuffer farMemory = ByteBuffer.allocateDirect(OCTETS);

    @Test
    @Requirement("SYS-CACHE-01")
    void anyBufferCanBeUsedAndStaysRegisteredForTheNextRequest(@ConnectedPair DevicePair pair, @TempDir Path folder)
            throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion far = peers.far(farMemory);
            ByteBuffer[] buffers = {
                Memories.direct(OCTETS, 1),
                Memories.heap(OCTETS, 2),
                Memories.heap(OCTETS, 3).asReadOnlyBuffer(),
                Memories.direct(OCTETS, 4).asReadOnlyBuffer(),
                mapped(folder, 5)
            };
            for (int round = 0; round < 3; round++) {
                for (ByteBuffer buffer : buffers) {
                    peers.write(buffer, far.remote());
                    peers.read(ByteBuffer.allocate(1), far.remote());
                    assertThat(farMemory.duplicate().clear())
                            .isEqualTo(buffer.duplicate().clear());
                }
            }
            assertThat(peers.cache().statistics().misses()).isEqualTo(buffers.length + 3 * buffers.length);
            assertThat(peers.cache().statistics().hits()).isEqualTo(2 * buffers.length);
            for (ByteBuffer buffer : buffers) {
                assertThat(peers.cache().registered(buffer)).isTrue();
            }
        }
    }

    @Test
    @Requirement("SYS-CACHE-01")
    void allKindsOfRequestsTakePlainBuffers(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion inbox = pair.server().register(OCTETS);
            MemoryRegion stagGone = pair.server().register(64, AccessFlag.REMOTE_WRITE);
            ByteBuffer message = Memories.heap(100, 7);
            for (int i = 0; i < 4; i++) {
                pair.server().postReceive(i, inbox);
            }
            peers.near().send(message).await(LONG);
            peers.near().sendSolicited(message).await(LONG);
            peers.near().sendInvalidate(message, stagGone.stag()).await(LONG);
            peers.near().send(ByteBuffer.allocate(0)).await(LONG);
            for (int length : new int[] {100, 100, 100, 0}) {
                assertThat(pair.server().awaitReceiveSuccess().lengthOctets()).isEqualTo(length);
            }
            assertThat(stagGone.valid()).isFalse();

            ByteBuffer sink = ByteBuffer.allocateDirect(OCTETS).position(96);
            Operation receive = peers.near().receive(sink);
            MemoryRegion outbox = pair.server().register(Memories.direct(100, 9));
            pair.server()
                    .queuePair()
                    .postSend(new SendRequest().send().local(outbox, 0, 100))
                    .orThrow();
            assertThat(receive.await(LONG).lengthOctets()).isEqualTo(100);
            pair.server().awaitSendSuccess();
            assertThat(sink.slice(96, 100)).isEqualTo(Memories.heap(100, 9));
            assertThat(sink.position()).isEqualTo(96);
            assertThat(message.position()).isZero();
        }
    }

    /** Where Java tells addresses, such a buffer is found in the registration that has its first octet only. */
    @Test
    @Requirement("SYS-CACHE-02")
    void aBufferThatEndsOneOctetBehindARegisteredOneIsNoHit(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            ByteBuffer all = Memories.direct(OCTETS, 3);
            ByteBuffer known = all.slice(100, 100);
            ByteBuffer longer = all.slice(150, 51);
            peers.cache().lease(known, AccessFlag.LOCAL_READ, "the first").end();
            peers.cache().lease(longer, AccessFlag.LOCAL_READ, "the second").end();
            assertThat(peers.cache().statistics().misses()).isEqualTo(2);
            assertThat(peers.cache().statistics().hits()).isZero();
        }
    }

    /** The part asks for the right, and the whole has it from then on. */
    @Test
    @Requirement("SYS-CACHE-02")
    void anUpgradeByASliceCoversWhatWasRegistered(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            ByteBuffer whole = Memories.direct(OCTETS, 3);
            ByteBuffer part = peers.cache().slice(whole, 16, 16);
            peers.cache().lease(whole, AccessFlag.LOCAL_READ, "the first").end();
            peers.cache().lease(part, AccessFlag.LOCAL_WRITE, "the second").end();
            peers.cache().lease(whole, AccessFlag.LOCAL_WRITE, "the third").end();
            assertThat(peers.cache().statistics().misses()).isEqualTo(1);
            assertThat(peers.cache().statistics().upgrades()).isEqualTo(1);
            assertThat(peers.cache().statistics().hits()).isEqualTo(1);
        }
    }

    /** Whoever may write to a part must not lose that by the registration of the whole for reading. */
    @Test
    @Requirement("SYS-CACHE-02")
    @EnabledForJreRange(
            min = JRE.JAVA_22,
            disabledReason = "Java tells no address of a direct buffer before version 22")
    void aLargerRegistrationKeepsTheRightsOfThoseInsideIt(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            ByteBuffer whole = Memories.direct(OCTETS, 3);
            ByteBuffer part = whole.slice(16, 16);
            peers.cache().lease(part, AccessFlag.LOCAL_WRITE, "the first").end();
            peers.cache().lease(whole, AccessFlag.LOCAL_READ, "the second").end();
            peers.cache().lease(part, AccessFlag.LOCAL_WRITE, "the third").end();
            assertThat(peers.cache().statistics().misses()).isEqualTo(2);
            assertThat(peers.cache().statistics().upgrades()).isZero();
            assertThat(peers.cache().statistics().hits()).isEqualTo(1);
        }
    }

    @Test
    @Requirement("SYS-CACHE-02")
    void aBufferThatBeginsInARegisteredOneAndEndsBehindItIsNoHit(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion far = peers.far(farMemory);
            ByteBuffer all = Memories.direct(OCTETS, 3);
            peers.write(all.slice(100, 100), far.remote(0, 100));
            ByteBuffer wider = all.slice(150, 200);
            peers.write(wider, far.remote(0, 200));
            pair.server().await("the Write", () -> farMemory.slice(0, 200).equals(all.slice(150, 200)));
            assertThat(peers.cache().statistics().misses()).isEqualTo(2);
            assertThat(peers.cache().statistics().hits()).isZero();
        }
    }

    @Test
    @Requirement("SYS-CACHE-01")
    void everyUseOfABufferGoesThroughOneSteeringTag(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion far = peers.far(farMemory);
            ByteBuffer buffer = Memories.direct(OCTETS, 1);
            int stag = -1;
            for (int round = 0; round < 20; round++) {
                buffer.limit(OCTETS - round).position(round);
                Operation write = peers.near().write(buffer, far.remote(round, buffer.remaining()));
                int used = write.leases().get(0).region().stag();
                write.await(LONG);
                assertThat(round == 0 ? used : stag).isEqualTo(used);
                stag = used;
            }
            assertThat(peers.cachedRegions()).isEqualTo(1);
            assertThat(peers.device().queryMemory(stag).valid()).isTrue();
        }
    }

    @Test
    @Requirement("SYS-CACHE-02")
    void slicesAndWrappersOfAnArrayAreHits(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion far = peers.far(farMemory);
            byte[] array = Memories.heap(OCTETS, 5).array();
            peers.write(ByteBuffer.wrap(array, 100, 50), far.remote());
            ByteBuffer[] others = {
                ByteBuffer.wrap(array),
                ByteBuffer.wrap(array, 3000, 1000),
                ByteBuffer.wrap(array).slice(17, 1000).position(5),
                ByteBuffer.wrap(array).slice(17, 1000).slice(100, 10).duplicate()
            };
            for (ByteBuffer other : others) {
                peers.write(other, far.remote());
                ByteBuffer back = ByteBuffer.allocate(other.remaining());
                far(back, peers, far);
                assertThat(back).isEqualTo(other);
            }
            assertThat(peers.cache().statistics().hits()).isEqualTo(others.length);
        }
    }

    @Test
    @Requirement("SYS-CACHE-02")
    @EnabledForJreRange(
            min = JRE.JAVA_22,
            disabledReason = "Java tells no address of a direct buffer before version 22")
    void slicesAndDuplicatesOfADirectBufferAreHits(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion far = peers.far(farMemory);
            ByteBuffer buffer = Memories.direct(OCTETS, 5);
            peers.write(buffer, far.remote());
            ByteBuffer[] others = {
                buffer.duplicate(),
                buffer.slice(17, 1000),
                buffer.slice(17, 1000).slice(100, 10),
                buffer.asReadOnlyBuffer()
            };
            for (ByteBuffer other : others) {
                peers.write(other, far.remote());
                ByteBuffer back = ByteBuffer.allocate(other.remaining());
                far(back, peers, far);
                assertThat(back).isEqualTo(other);
            }
            assertThat(peers.cache().statistics().hits()).isEqualTo(others.length);
            assertThat(peers.cache().statistics().misses()).isEqualTo(1 + others.length);
        }
    }

    @Test
    @Requirement("SYS-CACHE-02")
    void slicesThatTheCacheMadeAreHitsOnEveryVersionOfJava(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion far = peers.far(farMemory);
            ByteBuffer buffer = Memories.direct(OCTETS, 5);
            ByteBuffer slice = peers.cache().slice(buffer, 17, 1000);
            ByteBuffer inner = peers.cache().slice(slice, 100, 10).position(3);
            peers.write(buffer, far.remote());
            for (ByteBuffer part : new ByteBuffer[] {slice, inner}) {
                peers.write(part, far.remote());
                ByteBuffer back = ByteBuffer.allocate(part.remaining());
                far(back, peers, far);
                assertThat(back).isEqualTo(part);
            }
            assertThat(peers.cache().statistics().hits()).isEqualTo(2);
            assertThat(peers.cache().registered(inner)).isTrue();
        }
    }

    /** A receive that waits keeps its registration; a buffer that is only sent is not writable until something is placed in it. */
    @Test
    @Requirement("SYS-CACHE-02")
    void aMissingRightUpgradesWithoutBreakingUsersOfTheOldRegistration(@ConnectedPair DevicePair pair)
            throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion far = peers.far(farMemory);
            Memories.filled(farMemory, 77);
            ByteBuffer buffer = Memories.direct(OCTETS, 5);
            BufferLease reading = peers.cache().lease(buffer, AccessFlag.LOCAL_READ, "a request posted by hand");
            int before = reading.region().stag();
            assertThat(peers.device().queryMemory(before).access()).containsOnly(AccessFlag.LOCAL_READ);

            peers.read(buffer.slice(0, 8), far.remote());
            peers.read(buffer, far.remote());
            BufferLease again = peers.cache().lease(buffer, AccessFlag.LOCAL_READ, "another");
            int after = again.region().stag();
            again.end();

            assertThat(buffer).isEqualTo(farMemory);
            assertThat(after).isNotEqualTo(before);
            assertThat(peers.device().queryMemory(after).access())
                    .containsOnly(AccessFlag.LOCAL_READ, AccessFlag.LOCAL_WRITE);
            // The old one still serves who leased it.
            pair.client()
                    .queuePair()
                    .postSend(new SendRequest()
                            .write(far.remote())
                            .id(Long.MAX_VALUE)
                            .local(reading.region().region(), 8, 16))
                    .orThrow();
            peers.near()
                    .dispatcher()
                    .onUnclaimed(completion -> assertThat(completion.success()).isTrue());
            peers.await("completion", () -> peers.near().dispatcher().unclaimedCount() == 1);
            assertThat(peers.device().queryMemory(before)).isNotNull();
            reading.end();
            assertThat(peers.device().queryMemory(before)).isNull();
            assertThat(peers.cache().statistics().upgrades()).isGreaterThanOrEqualTo(1);
            assertThat(peers.cache().statistics().removals(CacheRemoval.REPLACED))
                    .isGreaterThanOrEqualTo(1);
        }
    }

    @Test
    @Requirement("SYS-CACHE-02")
    void eachDomainHasRegistrationsOfItsOwn(@ConnectedPair DevicePair pair) throws Exception {
        ProtectionDomain otherDomain = pair.clientDevice().allocateProtectionDomain();
        try (CachedPeers peers = new CachedPeers(pair);
                RegistrationCache other = otherDomain.createRegistrationCache(CacheOptions.defaults())) {
            ByteBuffer buffer = Memories.direct(OCTETS, 5);
            peers.write(buffer, peers.far(farMemory).remote());

            BufferLease lease = other.lease(buffer, AccessFlag.LOCAL_READ, "the other domain");
            assertThat(lease.region().region().protectionDomain()).isEqualTo(otherDomain);
            assertThat(other.statistics().misses()).isEqualTo(1);
            lease.end();
            assertThatThrownBy(() -> peers.near().useCache(other))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("protection domain");
        } finally {
            otherDomain.close();
        }
    }

    @Test
    void refusesWhatACacheCannotDo(@ConnectedPair DevicePair pair) {
        try (CachedPeers peers = new CachedPeers(pair)) {
            ByteBuffer readOnly = ByteBuffer.allocate(8).asReadOnlyBuffer();
            assertThatThrownBy(() -> peers.near().receive(readOnly))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("read-only");
            assertThatThrownBy(() -> peers.cache().lease(ByteBuffer.allocate(8), AccessFlag.REMOTE_WRITE, "peer"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("local rights only");
            assertThatThrownBy(() -> peers.cache().lease(ByteBuffer.allocate(0), AccessFlag.LOCAL_READ, "nobody"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no octets");
            assertThat(peers.cachedRegions()).isZero();
            assertThat(peers.near().outstandingCount()).isZero();
        }
    }

    private static void far(ByteBuffer back, CachedPeers peers, MemoryRegion far) throws Exception {
        peers.read(back, far.remote());
    }

    private static ByteBuffer mapped(Path folder, int salt) throws IOException {
        Path file = folder.resolve("octets");
        byte[] octets = new byte[OCTETS];
        Arrays.fill(octets, (byte) salt);
        Files.write(file, octets);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, OCTETS);
        }
    }
}
