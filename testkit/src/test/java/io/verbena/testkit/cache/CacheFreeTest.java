package io.verbena.testkit.cache;

import static io.verbena.testkit.cache.CachedPeers.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.ConnectedPair;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ResourceInUseException;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.async.BufferLease;
import io.verbena.verbs.async.CacheOptions;
import io.verbena.verbs.async.CacheRemoval;
import io.verbena.verbs.async.Operation;
import io.verbena.verbs.async.RegistrationCache;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("tcp")
class CacheFreeTest {
    private static final int OCTETS = 4096;

    private final ByteBuffer farMemory = ByteBuffer.allocateDirect(OCTETS);

    @Test
    @Requirement("SYS-CACHE-03")
    void freeingDeregistersFirst(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion far = peers.far(farMemory);
            for (ByteBuffer buffer : new ByteBuffer[] {Memories.direct(OCTETS, 1), Memories.heap(OCTETS, 2)}) {
                assertThat(peers.cache().free(buffer, Duration.ZERO)).isFalse();
                Operation write = peers.near().write(buffer, far.remote());
                int stag = write.leases().get(0).region().stag();
                write.await(LONG);
                assertThat(peers.device().queryMemory(stag)).isNotNull();

                assertThat(peers.cache().free(buffer, Duration.ZERO)).isTrue();

                assertThat(peers.device().queryMemory(stag)).isNull();
                assertThat(peers.cache().registered(buffer)).isFalse();
                assertThat(peers.cachedRegions()).isZero();
                // Used again, it gets a registration of its own.
                Operation again = peers.near().write(buffer, far.remote());
                assertThat(again.leases().get(0).region().stag()).isNotEqualTo(stag);
                again.await(LONG);
                peers.cache().free(buffer, Duration.ZERO);
            }
            assertThat(peers.cache().statistics().removals(CacheRemoval.FREED)).isEqualTo(4);
        }
    }

    @Test
    @Requirement("SYS-CACHE-03")
    void freeingWaitsForUsersOfARegistrationThatWasReplaced(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            ByteBuffer buffer = ByteBuffer.allocate(64);
            BufferLease old = peers.cache().lease(buffer, AccessFlag.LOCAL_READ, "who reads");
            peers.cache().lease(buffer, AccessFlag.LOCAL_WRITE, "who writes").end();
            assertThat(peers.cachedRegions()).isEqualTo(2);
            assertThatThrownBy(() -> peers.cache().free(buffer, Duration.ZERO))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("in use by who reads");
            old.end();
            assertThat(peers.cache().free(buffer, LONG)).isTrue();
            assertThat(peers.cachedRegions()).isZero();
        }
    }

    @Test
    @Requirement("SYS-CACHE-03")
    void freeingABufferInUseSaysWhoUsesItOrWaits(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            ByteBuffer sink = ByteBuffer.allocateDirect(64);
            Operation receive = peers.near().receive(sink);
            assertThatThrownBy(() -> peers.cache().free(sink, Duration.ZERO))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("in use by RECEIVE " + receive.id());
            assertThatThrownBy(() -> peers.cache().free(sink, Duration.ofMillis(1)))
                    .isInstanceOf(TimeoutException.class);
            assertThat(peers.cache().registered(sink)).isTrue();

            CompletableFuture<Boolean> freeing = CompletableFuture.supplyAsync(() -> {
                try {
                    return peers.cache().free(sink, LONG);
                } catch (TimeoutException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            MemoryRegion outbox = pair.server().register(Memories.direct(64, 9));
            pair.server()
                    .queuePair()
                    .postSend(new SendRequest().send().local(outbox, 0, 64))
                    .orThrow();
            assertThat(receive.await(LONG).lengthOctets()).isEqualTo(64);
            assertThat(freeing.get(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(sink).isEqualTo(Memories.direct(64, 9));
            assertThat(peers.cachedRegions()).isZero();
            pair.server().awaitSendSuccess();
        }
    }

    @Test
    @Requirement("SYS-CACHE-03")
    void changingTheRightsDeregistersFirst(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion far = peers.far(farMemory);
            ByteBuffer buffer = Memories.direct(OCTETS, 1);
            Operation read = peers.near().read(buffer, far.remote());
            int before = read.leases().get(0).region().stag();
            read.await(LONG);

            assertThat(peers.cache().changeAccess(buffer, Duration.ZERO, AccessFlag.LOCAL_READ))
                    .isTrue();

            assertThat(peers.device().queryMemory(before)).isNull();
            Operation write = peers.near().write(buffer, far.remote());
            int after = write.leases().get(0).region().stag();
            write.await(LONG);
            assertThat(after).isNotEqualTo(before);
            assertThat(peers.device().queryMemory(after).access()).containsOnly(AccessFlag.LOCAL_READ);
            assertThat(peers.cache().statistics().hits()).isEqualTo(1);

            BufferLease lease = peers.cache().lease(buffer, AccessFlag.LOCAL_READ, "who looks at it");
            assertThatThrownBy(() -> peers.cache().changeAccess(buffer, Duration.ZERO, AccessFlag.LOCAL_WRITE))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("who looks at it");
            assertThatThrownBy(() -> peers.cache().changeAccess(buffer, Duration.ZERO, AccessFlag.REMOTE_READ))
                    .isInstanceOf(IllegalArgumentException.class);
            lease.end();
            assertThat(peers.cache().registered(buffer)).isTrue();
        }
    }

    @Test
    @Requirement("SYS-CACHE-03")
    void closingDeregistersAllButWhatIsInUseAndThatAfterItsLease(@ConnectedPair DevicePair pair) throws Exception {
        try (CachedPeers peers = new CachedPeers(pair)) {
            MemoryRegion far = peers.far(farMemory);
            ByteBuffer idle = Memories.direct(OCTETS, 1);
            peers.write(idle, far.remote());
            ByteBuffer busy = ByteBuffer.allocateDirect(64);
            Operation receive = peers.near().receive(busy);
            assertThat(peers.cachedRegions()).isEqualTo(2);

            peers.cache().close();

            assertThat(peers.cachedRegions()).isEqualTo(1);
            assertThatThrownBy(() -> peers.near().write(idle, far.remote()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is closed");
            MemoryRegion outbox = pair.server().register(Memories.direct(64, 9));
            pair.server()
                    .queuePair()
                    .postSend(new SendRequest().send().local(outbox, 0, 64))
                    .orThrow();
            receive.await(LONG);
            assertThat(busy).isEqualTo(Memories.direct(64, 9));
            assertThat(peers.cachedRegions()).isZero();
            pair.server().awaitSendSuccess();
        }
    }

    @Test
    void theDomainNamesItsCache(@ConnectedPair DevicePair pair) {
        try (RegistrationCache cache = pair.clientDomain().createRegistrationCache(CacheOptions.defaults())) {
            assertThatThrownBy(() -> pair.clientDomain().close())
                    .isInstanceOf(ResourceInUseException.class)
                    .hasMessageContaining("1 registration cache");
            assertThat(cache.statistics().entries()).isZero();
        }
    }
}
