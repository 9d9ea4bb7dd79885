package io.verbena.testkit.bufferpool;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawStartup;
import io.verbena.observe.Counter;
import io.verbena.observe.Counters;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.BufferUse;
import io.verbena.verbs.DeviceLimits;
import io.verbena.verbs.DeviceOptions.BufferGrant;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.SendRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("tcp")
@Timeout(60)
@DisplayName("Buffer pool: quotas")
class BufferQuotaOverTcpTest {
    private static final int OCTETS = 1000;

    private final Counters counters = new Counters();
    private final PairOptions validated =
            PairOptions.defaults().withPlacement(PlacementMode.VALIDATED).withListeners(new Counters(), counters);

    /**
     * A queue pair that may have two buffers has one with half an FPDU, and needs two to send with markers. So it waits, for
     * itself alone. Under {@code ONE_LEFT} it gets the first of them meanwhile, which its loop keeps for others then.
     */
    @ParameterizedTest
    @CsvSource({"WHOLE_OPERATION, true", "WHOLE_OPERATION, false", "ONE_LEFT, true", "ONE_LEFT, false"})
    @Requirement({"SYS-POOL-02", "SYS-POOL-05", "SYS-POOL-06", "DDP-8.3.2-05"})
    void aStreamAtItsQuotaWaitsAloneAndGoesOnByItself(BufferGrant grant, boolean ofTheDevice) throws Exception {
        DeviceLimits limits = DeviceLimits.defaults().withQueuePairBuffers(ofTheDevice ? 2 : 8);
        PairOptions options =
                validated.withDevices(device -> device.withBufferGrant(grant).withLimits(limits));
        RawStartup request = RawStartup.request().withCrc(true).withMarkers(true);
        try (DevicePair pair = DevicePair.open(options)) {
            PairEnd end = pair.newServerEnd(wished -> wished.withBufferQuota(ofTheDevice ? 0 : 2, 0));
            try (HalfPeer peer = new HalfPeer(pair, end, request)) {
                peer.occupy();
                MemoryRegion source = end.register(OCTETS);
                int before = peer.pool().transmit();
                end.post(new SendRequest().send().local(source, 0, OCTETS));
                pair.await("it waits to send", () -> counters.bufferWaitsNow(BufferUse.Type.TRANSMIT) == 1);
                BufferPoolSnapshot pool = peer.pool();
                assertThat(pool.queuePair(peer.number()).buffers()).isEqualTo(1);
                assertThat(pool.transmit() - before).isEqualTo(grant == BufferGrant.ONE_LEFT ? 1 : 0);
                assertThat(pool.waiting())
                        .as("nobody stands in the pool's line")
                        .isZero();

                assertGoesOn(pair.connectAnother());
                assertThat(peer.raw().nothingArrived()).isTrue();
                assertThat(counters.bufferWaitsNow(BufferUse.Type.TRANSMIT)).isEqualTo(1);

                peer.sendSecondHalf();
                peer.awaitPlaced();
                end.awaitSendSuccess();
                assertThat(peer.raw().expectFpdu().payload()).hasSize(OCTETS);
                pair.await("no wait is left", () -> counters.bufferWaitsNow(BufferUse.Type.TRANSMIT) == 0);
            }
        }
    }

    @Test
    @Requirement("SYS-POOL-02")
    void aQuotaOfThreeIsEnoughForBothDirections() throws Exception {
        RawStartup request = RawStartup.request().withCrc(true).withMarkers(true);
        try (DevicePair pair = DevicePair.open(validated)) {
            PairEnd end = pair.newServerEnd(wished -> wished.withBufferQuota(3, 0));
            try (HalfPeer peer = new HalfPeer(pair, end, request)) {
                peer.occupy();
                end.post(new SendRequest().send().local(end.register(OCTETS), 0, OCTETS));
                end.awaitSendSuccess();
                assertThat(peer.raw().expectFpdu().payload()).hasSize(OCTETS);
                assertThat(peer.untouched()).isTrue();
                assertThat(counters.value(Counter.TRANSMIT_BUFFER_WAITS)).isZero();
            }
        }
    }

    /** Four peers that take nothing pin a buffer each, but there are three: the fourth has to wait, with that alone. */
    @Test
    @Requirement({"SYS-POOL-02", "SYS-POOL-05"})
    void noMoreBuffersAreOutToSendWithThanTheirTypeMayHave() throws Exception {
        int octets = 1 << 24;
        DeviceLimits limits = DeviceLimits.defaults().withTransmitBuffers(3);
        try (DevicePair pair = DevicePair.open(validated.withDevices(device -> device.withLimits(limits)))) {
            MemoryRegion source = pair.server().register(octets, AccessFlag.REMOTE_READ);
            List<HalfPeer> peers = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    peers.add(new HalfPeer(pair));
                    peers.get(i).readWithoutTaking(source, octets);
                }
                pair.await("three hold a buffer and one waits", () -> {
                    BufferPoolSnapshot pool = pair.serverDevice().queryBufferPool();
                    assertThat(pool.transmit()).isLessThanOrEqualTo(3);
                    return pool.waiting() == 1 && holders(peers, pool).size() == 3;
                });
                BufferPoolSnapshot pool = pair.serverDevice().queryBufferPool();
                List<HalfPeer> holders = holders(peers, pool);
                HalfPeer waits = peers.stream()
                        .filter(peer -> !holders.contains(peer))
                        .findFirst()
                        .orElseThrow();
                // The pool knows who waits a moment before listeners do.
                pair.await("one wait was told of", () -> counters.bufferWaitsNow(BufferUse.Type.TRANSMIT) == 1);
                waits.occupy();
                waits.sendSecondHalf();
                waits.awaitPlaced();
                holders.get(0).raw().close();
                pair.await(
                        "it has got one",
                        () -> waits.pool().queuePair(waits.number()).buffers() == 1
                                && waits.pool().waiting() == 0);
            } finally {
                peers.forEach(HalfPeer::close);
            }
        }
    }

    private static List<HalfPeer> holders(List<HalfPeer> peers, BufferPoolSnapshot pool) {
        return peers.stream()
                .filter(peer -> pool.queuePair(peer.number()).buffers() == 1)
                .toList();
    }

    private static void assertGoesOn(PairLink link) {
        MemoryRegion here = link.server().register(OCTETS, AccessFlag.REMOTE_WRITE);
        MemoryRegion there = link.client().register(OCTETS, AccessFlag.REMOTE_WRITE);
        link.client().post(new SendRequest().write(here.remote()).local(there, 0, OCTETS));
        link.client().awaitSendSuccess();
        link.server().post(new SendRequest().write(there.remote()).local(here, 0, OCTETS));
        link.server().awaitSendSuccess();
    }
}
