package io.verbena.testkit.bufferpool;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawStartup;
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
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A hostile program with three connections, among thirty connections that behave, at a small pool.
 *
 * <p>A stream that stood in line and then found a buffer with its loop kept the one that it was given in the line; so connections
 * that were idle again held buffers, and a small pool could run dry.
 */
@Tag("tcp")
@Timeout(60)
@DisplayName("Buffer pool: one hostile among many")
class HostileConnectionTest {
    private static final int LINKS = 30;
    private static final int HOSTILE = 3;
    private static final int QUOTA = 2;
    private static final int BUFFERS = 16;
    private static final int OCTETS = 1 << 17;
    private static final int ROUNDS = 3;
    private static final int ASKED_FOR = 1 << 24;

    /** What it does on each of its connections. */
    enum Hostility {
        /** It begins an FPDU and does not go on. */
        HALF_FPDUS(true, false, false, 1),
        /** It asks for much and takes nothing. */
        TAKES_NOTHING(false, true, false, 1),
        /** Both: then it has its quota. */
        BOTH(true, true, false, 2),
        /** It begins an FPDU, and is to be sent what needs more than is left of its quota: a message with markers. */
        HALF_FPDUS_AND_MARKERS(true, false, true, 1);

        private final boolean halves;
        private final boolean asks;
        private final boolean markers;
        private final int buffers;

        Hostility(boolean halves, boolean asks, boolean markers, int buffers) {
            this.halves = halves;
            this.asks = asks;
            this.markers = markers;
            this.buffers = buffers;
        }
    }

    @ParameterizedTest
    @EnumSource(Hostility.class)
    @Requirement({"SYS-POOL-05", "RDMAP-8.1.2-06"})
    void takesNoMoreThanItsQuotaAndTheOthersGoOn(Hostility hostility) throws Exception {
        DeviceLimits few = DeviceLimits.defaults().withStagingBuffers(BUFFERS).withQueuePairBuffers(QUOTA);
        Counters counters = new Counters();
        PairOptions options = PairOptions.defaults()
                .withPlacement(PlacementMode.VALIDATED)
                .withListeners(new Counters(), counters)
                .withDevices(device -> device.withLimits(few).withBackgroundProgress(1));
        try (DevicePair pair = DevicePair.open(options)) {
            List<PairLink> links = new ArrayList<>();
            List<MemoryRegion> targets = new ArrayList<>();
            List<HalfPeer> hostile = new ArrayList<>();
            try {
                for (int i = 0; i < LINKS; i++) {
                    links.add(pair.connectAnother());
                    targets.add(
                            links.get(i).server().register(OCTETS, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE));
                }
                MemoryRegion asked = pair.server().register(ASKED_FOR, AccessFlag.REMOTE_READ);
                for (int i = 0; i < HOSTILE; i++) {
                    HalfPeer peer = attack(pair, hostility, asked);
                    hostile.add(peer);
                    pair.await("it has what it can get", () -> buffers(peer) == hostility.buffers);
                }
                int waiting = hostility.markers ? HOSTILE : 0;
                pair.await(
                        "who wants more than its quota waits",
                        () -> counters.bufferWaitsNow(BufferUse.Type.TRANSMIT) == waiting);
                MemoryRegion source = pair.client().register(OCTETS);
                for (int round = 0; round < ROUNDS; round++) {
                    exchange(links, targets, source, pair, hostile, hostility.buffers);
                }
            } finally {
                hostile.forEach(HalfPeer::close);
            }
            for (HalfPeer peer : hostile) {
                peer.end().awaitState(QueuePairState.ERROR);
            }
            pair.await("no queue pair has a buffer, and nobody waits", () -> {
                BufferPoolSnapshot pool = pair.serverDevice().queryBufferPool();
                return pool.ownedByQueuePairs() == 0 && pool.waiting() == 0;
            });
            for (PairLink link : links) {
                assertThat(link.server().queuePair().state()).isEqualTo(QueuePairState.RTS);
            }
        }
    }

    private static HalfPeer attack(DevicePair pair, Hostility hostility, MemoryRegion asked) throws Exception {
        PairEnd end = pair.newServerEnd();
        HalfPeer peer =
                new HalfPeer(pair, end, RawStartup.request().withCrc(true).withMarkers(hostility.markers));
        if (hostility.asks) {
            peer.readWithoutTaking(asked, ASKED_FOR);
            pair.await("a Read Response is on its way", () -> buffers(peer) == 1);
        }
        if (hostility.halves) {
            peer.occupy();
        }
        if (hostility.markers) {
            end.post(new SendRequest().send().local(end.register(OCTETS), 0, OCTETS));
        }
        return peer;
    }

    private static int buffers(HalfPeer peer) {
        return peer.pool().queuePair(peer.number()).buffers();
    }

    private static void exchange(
            List<PairLink> links,
            List<MemoryRegion> targets,
            MemoryRegion source,
            DevicePair pair,
            List<HalfPeer> hostile,
            int hostileBuffers) {
        SendRequest request = new SendRequest();
        for (int i = 0; i < LINKS; i++) {
            PairEnd client = links.get(i).client();
            client.post(request.write(targets.get(i).remote()).local(source, 0, OCTETS));
            client.post(request.read(targets.get(i).remote()).local(source, 0, OCTETS));
        }
        for (PairLink link : links) {
            for (int completions = 0; completions < 2; completions++) {
                link.client().awaitSendSuccess();
                BufferPoolSnapshot pool = pair.serverDevice().queryBufferPool();
                for (HalfPeer peer : hostile) {
                    assertThat(pool.queuePair(peer.number()).buffers()).isEqualTo(hostileBuffers);
                }
                assertThat(pool.made()).isLessThanOrEqualTo(BUFFERS);
                assertThat(pool.made()).isEqualTo(pool.free() + pool.transmit() + pool.receive());
            }
        }
    }
}
