package io.verbena.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Seeded;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How connections end, and what trouble below them does, over a simulated link that delivers in order. */
@Tag("sim")
@Timeout(60)
class PlainLinkTest {
    private static final int OCTETS = 100_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SimulatedNetwork network = SimulatedNetwork.seeded(11);
    private DevicePair pair;
    private SimulatedLink link;

    private void open(LinkOptions options) {
        network.linkOptions(options);
        pair = DevicePair.open(PairOptions.defaults().withOpener(network::open));
        link = network.link(pair.client().connection());
    }

    @AfterEach
    void close() {
        pair.close();
        network.close();
    }

    private void awaitState(QueuePairState state) {
        network.run(
                () -> pair.client().queuePair().state() == state
                        && pair.server().queuePair().state() == state,
                MINUTE);
    }

    @Test
    void disconnectEndsBothInIdle() throws InterruptedException {
        open(LinkOptions.defaults());
        pair.client().queuePair().disconnect(Duration.ofSeconds(5));
        awaitState(QueuePairState.IDLE);
    }

    @Test
    void disconnectFromAPeerThatDoesNotAnswerTimesOutInVirtualTime() throws InterruptedException {
        open(LinkOptions.defaults());
        link.toClient().stall();
        long startNs = network.clock().nanoTime();
        pair.client().queuePair().disconnect(Duration.ofMinutes(5));
        assertThat(pair.client().queuePair().state()).isEqualTo(QueuePairState.ERROR);
        assertThat(network.clock().nanoTime() - startNs).isGreaterThan(1_000_000_000L);
    }

    @Test
    void abortIsAResetAtThePeer() {
        open(LinkOptions.defaults());
        pair.server().postEmptyReceive(4);
        pair.client().queuePair().abort();
        awaitState(QueuePairState.ERROR);
        assertThat(pair.server().awaitReceive().status()).isEqualTo(WorkCompletionStatus.FLUSHED);
        assertThat(pair.server().awaitEvents(1))
                .extracting(event -> event.cause().check())
                .containsExactly(FailedCheck.CONNECTION_RESET);
    }

    @Test
    void aForbiddenWriteIsTerminated() {
        open(LinkOptions.defaults());
        MemoryRegion forbidden = pair.server().register(64);
        MemoryRegion source = pair.client().register(64);
        pair.client()
                .queuePair()
                .postSend(new SendRequest().write(forbidden.remote(0, 64)).local(source, 0, 64))
                .orThrow();
        awaitState(QueuePairState.ERROR);
        assertThat(pair.client().awaitEvents(1))
                .extracting(AsyncEvent::kind)
                .containsExactly(AsyncEvent.Kind.TERMINATE_RECEIVED);
    }

    @Test
    void aBrokenLinkIsAResetAtBothEnds() {
        open(LinkOptions.defaults());
        link.reset();
        awaitState(QueuePairState.ERROR);
    }

    @Test
    void aFlippedBitIsFoundByTheCrc() {
        open(LinkOptions.defaults());
        ByteBuffer octets = ByteBuffer.allocateDirect(1000);
        pair.server().postReceive(1, pair.server().register(octets));
        MemoryRegion source = pair.client().register(1000);
        link.toServer().flipBit(link.toServer().sentOctets() + 500, 3);
        pair.client()
                .queuePair()
                .postSend(new SendRequest().send().local(source, 0, 1000))
                .orThrow();
        awaitState(QueuePairState.ERROR);
        assertThat(pair.server().awaitReceive().success()).isFalse();
        assertThat(octets.get(500)).as("nothing is placed from a bad FPDU").isZero();
    }

    @Test
    void aStalledLinkHoldsEverythingUntilItGoesOn() {
        open(LinkOptions.defaults());
        pair.server().postEmptyReceive(1);
        link.toServer().stall();
        pair.client().queuePair().postSend(new SendRequest().send()).orThrow();
        network.pass(Duration.ofHours(1));
        assertThat(pair.server().receiveCompletions().poll(1, completion -> {})).isZero();
        link.toServer().resume();
        network.settle();
        assertThat(pair.server().receiveCompletions().poll(1, completion -> {})).isEqualTo(1);
    }

    @Test
    void aPeerThatDoesNotReadStopsTheSenderAtTheWindow() {
        open(LinkOptions.defaults().withWindowOctets(5000));
        MemoryRegion source = pair.client().register(OCTETS);
        MemoryRegion target = pair.server().register(OCTETS, AccessFlag.REMOTE_WRITE);
        // What the server has taken is told on the way to the client: not a matter of stalls, so the link itself is
        // full.
        link.toServer().stall();
        long before = link.toServer().sentOctets();
        pair.client()
                .queuePair()
                .postSend(new SendRequest().write(target.remote(0, OCTETS)).local(source, 0, OCTETS))
                .orThrow();
        network.settle();
        assertThat(link.toServer().sentOctets() - before).isEqualTo(5000);
        link.toServer().resume();
        network.run(() -> pair.client().sendCompletions().poll(1, completion -> {}) == 1, MINUTE);
    }

    @Seeded(count = 5)
    void smallWindowsPortionsAndStallsChangeNothing(SplittableRandom random) {
        open(LinkOptions.defaults()
                .withLatency(Duration.ofNanos(random.nextInt(50_000)), Duration.ofNanos(random.nextInt(50_000)))
                .withSegmentOctets(128 + random.nextInt(2000))
                .withWindowOctets(1 + random.nextInt(5000))
                .withReadOctets(1 + random.nextInt(500))
                .withStalls(random.nextInt(100), Duration.ofMillis(1)));
        ByteBuffer octets = ByteBuffer.allocateDirect(OCTETS);
        octets.put(0, HexVectors.pattern(OCTETS));
        ByteBuffer arrived = ByteBuffer.allocateDirect(OCTETS);
        MemoryRegion source = pair.client().register(octets);
        MemoryRegion target = pair.server()
                .register(List.of(arrived), RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE));
        pair.server().postEmptyReceive(1);
        pair.client()
                .queuePair()
                .postSend(new SendRequest().write(target.remote(0, OCTETS)).local(source, 0, OCTETS))
                .orThrow();
        pair.client().queuePair().postSend(new SendRequest().send()).orThrow();
        network.run(() -> pair.server().receiveCompletions().poll(1, completion -> {}) == 1, MINUTE);
        assertThat(arrived).isEqualTo(octets);
    }
}
