package io.verbena.testkit.bufferpool;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbena.observe.Counters;
import io.verbena.observe.MicrometerBinder;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.BufferPoolSnapshot;
import io.verbena.verbs.BufferUse;
import io.verbena.verbs.DeviceLimits;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.SendRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One buffer for half an FPDU is all that the receiving side of these devices has, or two. */
@Tag("tcp")
@Timeout(60)
@DisplayName("Buffer pool: shortage")
class BufferShortageTest {
    private final Counters counters = new Counters();

    private PairOptions options(int buffersForHalves) {
        // One is the scratch buffer, one is split into small ones.
        DeviceLimits few = DeviceLimits.defaults().withReceiveBuffers(2 + buffersForHalves);
        return PairOptions.defaults()
                .withPlacement(PlacementMode.VALIDATED)
                .withDevices(device -> device.withLimits(few).withBackgroundProgress(1))
                .withListeners(new Counters(), counters);
    }

    @Test
    @Requirement({"SYS-POOL-02", "SYS-POOL-05", "SYS-POOL-06"})
    void whoFindsNoBufferWaitsAndGoesOnByItself() throws Exception {
        try (DevicePair pair = DevicePair.open(options(1));
                HalfPeer first = new HalfPeer(pair);
                HalfPeer second = new HalfPeer(pair);
                HalfPeer third = new HalfPeer(pair)) {
            SimpleMeterRegistry registry = new SimpleMeterRegistry();
            new MicrometerBinder(pair.serverDevice(), counters).bindTo(registry);
            first.occupy();
            assertThat(first.pool().receive()).isEqualTo(3);
            second.sendFirstHalf();
            pair.await("the second waits", () -> second.pool().waiting() == 1);
            third.sendFirstHalf();
            pair.await("the third waits", () -> third.pool().waiting() == 2);
            // The pool knows who waits a moment before listeners do.
            pair.await("both waits were told of", () -> counters.bufferWaitsNow(BufferUse.Type.RECEIVE) == 2);
            assertThat(registry.get("verbena.buffer.waiting")
                            .tag("type", "receive")
                            .gauge()
                            .value())
                    .isEqualTo(2);
            assertThat(registry.get("verbena.buffers.used")
                            .tag("use", "write_in")
                            .gauge()
                            .value())
                    .isEqualTo(1);

            first.sendSecondHalf();
            first.awaitPlaced();
            pair.await(
                    "the second got it, because it came first",
                    () -> second.pool().queuePair(second.number()).buffers() == 1);
            assertThat(second.pool().waiting()).isEqualTo(1);
            assertThat(third.untouched()).isTrue();
            second.sendSecondHalf();
            second.awaitPlaced();
            third.sendSecondHalf();
            third.awaitPlaced();
            assertThat(third.pool().waiting()).isZero();
            assertThat(third.pool().waits()).isGreaterThanOrEqualTo(2);
            pair.await("no wait is left", () -> counters.bufferWaitsNow(BufferUse.Type.RECEIVE) == 0);
        }
    }

    @Test
    @Requirement("SYS-POOL-05")
    void aStreamThatEndsWhileItWaitsLeavesTheLine() throws Exception {
        try (DevicePair pair = DevicePair.open(options(1));
                HalfPeer first = new HalfPeer(pair);
                HalfPeer second = new HalfPeer(pair);
                HalfPeer third = new HalfPeer(pair)) {
            first.occupy();
            second.sendFirstHalf();
            pair.await("the second waits", () -> second.pool().waiting() == 1);
            third.sendFirstHalf();
            pair.await("the third waits", () -> third.pool().waiting() == 2);
            second.end().queuePair().close();
            assertThat(first.pool().waiting()).isEqualTo(1);
            first.end().queuePair().close();
            third.sendSecondHalf();
            third.awaitPlaced();
        }
    }

    @Test
    @Requirement({"SYS-POOL-02", "SYS-POOL-05"})
    void oneThatStopsInTheMiddleTakesOneBufferAndTheOthersGoOn() throws Exception {
        int links = 20;
        int octets = 1 << 18;
        try (DevicePair pair = DevicePair.open(options(2));
                HalfPeer hostile = new HalfPeer(pair)) {
            hostile.occupy();
            List<PairLink> many = new ArrayList<>();
            List<MemoryRegion> targets = new ArrayList<>();
            MemoryRegion source = pair.client().register(octets);
            for (int i = 0; i < links; i++) {
                many.add(pair.connectAnother());
                targets.add(many.get(i).server().register(octets, AccessFlag.REMOTE_WRITE));
            }
            SendRequest request = new SendRequest();
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < links; i++) {
                    many.get(i)
                            .client()
                            .post(request.write(targets.get(i).remote()).local(source, 0, octets));
                }
                for (PairLink link : many) {
                    link.client().awaitSendSuccess();
                    BufferPoolSnapshot pool = hostile.pool();
                    assertThat(pool.queuePair(hostile.number()).buffers()).isEqualTo(1);
                    assertThat(pool.receive()).isLessThanOrEqualTo(4);
                    assertThat(pool.made()).isEqualTo(pool.free() + pool.transmit() + pool.receive());
                }
            }
        }
    }
}
