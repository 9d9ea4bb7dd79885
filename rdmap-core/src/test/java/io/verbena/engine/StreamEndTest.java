package io.verbena.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.memory.TableEntry;
import io.verbena.mpa.FpduDeframer.Placing;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.testkit.Requirement;
import io.verbena.transport.StreamError;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.QueuePairState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a stream ends: state machines 2.2, T5 to T18, and 5. */
class StreamEndTest {
    private static final long DEADLINE_NS = 5_000_000_000L;

    /** How long a peer may stop in the middle of an FPDU; see docs/limits.md. */
    private static final long STALL_NS = 10_000_000_000L;

    private static Desk closing() {
        Desk desk = Desk.connected();
        desk.receive(50, desk.region(100, AccessFlag.LOCAL_WRITE), 100);
        desk.engine.modify(QueuePairState.CLOSING);
        assertThat(desk.bytes.finSent).isTrue();
        return desk;
    }

    private static void assertEnded(Desk desk, QueuePairState state) {
        assertThat(desk.engine.state()).isEqualTo(state);
        assertThat(desk.engine.stream()).isNull();
        assertThat(desk.bytes.closed).isTrue();
        assertThat(desk.ends).hasSize(1);
        assertThat(desk.loop.timers()).isZero();
    }

    @Test
    @Requirement({"DDP-3-10", "DDP-6.2-02"})
    void closesInOrder() {
        Desk desk = closing();
        assertThat(desk.completions()).containsExactly("50 FLUSHED");
        desk.arriveFin();
        assertEnded(desk, QueuePairState.IDLE);
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.CLOSE_COMPLETE);
        assertThat(desk.ends).containsExactly((FailureCause) null);
    }

    @Test
    @Requirement("DDP-6.2.1-05")
    void followsThePeerThatCloses() {
        Desk desk = Desk.connected();
        desk.receive(50, desk.region(100, AccessFlag.LOCAL_WRITE), 100);
        desk.arriveFin();
        assertThat(desk.bytes.finSent).isTrue();
        assertThat(desk.completions()).containsExactly("50 FLUSHED");
        assertEnded(desk, QueuePairState.IDLE);
    }

    @Test
    void tellsThePeerThatClosesTooEarly() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.read(1, region, 10);
        desk.send(2, region, 10);
        desk.arriveFin();
        assertThat(desk.lastFrame().triple()).isEqualTo("0/2/07");
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.BAD_PEER_CLOSE);
        assertThat(desk.completions()).containsExactly("1 FLUSHED", "2 FLUSHED");
        assertEnded(desk, QueuePairState.ERROR);
    }

    @Test
    void thePeerThatClosesBehindItsReadRequestHearsOfIt() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.REMOTE_READ);
        desk.bytes.allowance = 10;
        desk.arrive(Peer.readRequest(1, region.stag(), region.startAddress(), 50));
        desk.arriveFin();
        desk.allow(Long.MAX_VALUE);
        assertThat(desk.opcodes()).containsExactly("READ_RESPONSE", "TERMINATE");
        assertEnded(desk, QueuePairState.ERROR);
    }

    @Test
    void aResponderThatWasNeverSpokenToBreaksTheConnectionOfAPeerThatCloses() {
        Desk desk = Desk.responder();
        desk.send(1, desk.region(100, AccessFlag.LOCAL_WRITE), 10);
        desk.arriveFin();
        assertThat(desk.bytes.taken).isZero();
        assertThat(desk.bytes.reset).isTrue();
        assertThat(desk.completions()).containsExactly("1 FLUSHED");
        assertEnded(desk, QueuePairState.ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 19, 20, 100, 535})
    void finInsideAnFpduIsALoss(int arrived) {
        for (Placing placing : Placing.values()) {
            Desk desk = new Desk();
            desk.placing = placing;
            desk.connect();
            TableEntry region = desk.region(1000, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
            byte[] fpdu = Peer.write(region.stag(), region.startAddress(), 516);
            assertThat(fpdu).hasSize(536);
            desk.arrive(Arrays.copyOf(fpdu, arrived));
            desk.arriveFin();
            assertThat(desk.bytes.reset).isTrue();
            assertThat(desk.events).containsExactly(AsyncEvent.Kind.CONNECTION_LOST);
            assertEnded(desk, QueuePairState.ERROR);
            assertThat(desk.pool.inUse()).isEqualTo(3);
        }
    }

    /** A peer that stopped in the middle of an FPDU held a staging buffer of the adapter for ever. */
    @Test
    void leavesAPeerThatStopsInsideAnFpdu() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(1000, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
        int before = desk.pool.inUse();
        desk.arrive(Arrays.copyOf(Peer.write(region.stag(), region.startAddress(), 516), 300));
        desk.loop.advance(STALL_NS - 1);
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.RTS);
        desk.loop.advance(1);
        assertThat(desk.bytes.reset).isTrue();
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.CONNECTION_LOST);
        assertEnded(desk, QueuePairState.ERROR);
        assertThat(desk.pool.inUse()).isEqualTo(before);
    }

    @Test
    void bearsWithAPeerThatIsSlow() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(1000, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
        byte[] fpdu = Peer.write(region.stag(), region.startAddress(), 516);
        for (int at = 0; at < fpdu.length; at += 67) {
            desk.arrive(Arrays.copyOfRange(fpdu, at, Math.min(at + 67, fpdu.length)));
            desk.loop.advance(STALL_NS - 1);
        }
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.RTS);
        desk.loop.advance(2 * STALL_NS);
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.RTS);
        assertThat(desk.loop.timers()).isZero();
    }

    /** TCP brings nothing behind a FIN; if something came all the same, it would change nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requirement("DDP-6.2.1-03")
    void whatComesBehindTheFinOfThePeerIsNotPlaced(boolean busy) {
        Desk desk = Desk.connected();
        ByteBuffer octets = ByteBuffer.allocateDirect(100);
        TableEntry region = desk.region(octets, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
        desk.receive(50, region, 100);
        if (busy) {
            desk.read(1, region, 10);
            desk.bytes.allowance = 0;
        }
        desk.arriveFin();
        desk.arrive(Peer.write(region.stag(), region.startAddress(), 50), Peer.send(1, 10));
        assertThat(octets).isEqualTo(ByteBuffer.allocate(100));
        desk.allow(Long.MAX_VALUE);
        assertThat(desk.completions()).contains("50 FLUSHED").noneMatch(completion -> completion.contains("SUCCESS"));
        assertEnded(desk, busy ? QueuePairState.ERROR : QueuePairState.IDLE);
    }

    @Test
    void finInsideAMessageIsALoss() {
        Desk desk = Desk.connected();
        desk.receive(50, desk.region(100, AccessFlag.LOCAL_WRITE), 100);
        desk.arrive(Peer.sendSegment(1, 0, false, 10));
        desk.arriveFin();
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.CONNECTION_LOST);
        assertThat(desk.completions()).containsExactly("50 FLUSHED");
        assertEnded(desk, QueuePairState.ERROR);
    }

    // ---- while closing ----

    @Test
    void aMessageWhileClosingMakesTheCloseFail() {
        Desk desk = closing();
        desk.arrive(Peer.send(1, 10));
        assertThat(desk.bytes.reset).isTrue();
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.BAD_CLOSE);
        assertEnded(desk, QueuePairState.ERROR);
    }

    /** A damaged FPDU made the stream fall silent, and the peer's FIN behind it looked like an orderly close. */
    @Test
    void aDamagedFpduWhileClosingMakesTheCloseFail() {
        Desk desk = closing();
        byte[] damaged = Peer.send(1, 10);
        damaged[12] ^= 1;
        desk.arrive(damaged);
        assertThat(desk.bytes.reset).isTrue();
        assertEnded(desk, QueuePairState.ERROR);
    }

    /** What DDP refused while closing was dropped, and the peer's FIN behind it looked like an orderly close. */
    @Test
    void aBadSegmentWhileClosingMakesTheCloseFail() {
        Desk desk = closing();
        desk.arrive(Peer.fpdu(ByteBuffer.allocate(18)));
        assertThat(desk.bytes.reset).isTrue();
        assertEnded(desk, QueuePairState.ERROR);
    }

    /** FIN in the middle of an FPDU while closing counted as the end of an orderly close. */
    @Test
    void halfAnFpduWhileClosingMakesTheCloseFail() {
        Desk desk = closing();
        desk.arrive(Arrays.copyOf(Peer.send(1, 10), 10));
        desk.arriveFin();
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.BAD_CLOSE);
        assertEnded(desk, QueuePairState.ERROR);
    }

    @Test
    void aPeerThatNeverClosesIsWaitedForUntilTheCloseTimer() {
        Desk desk = closing();
        desk.loop.advance(Desk.CLOSE_TIMEOUT_NS - 1);
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.CLOSING);
        desk.loop.advance(1);
        assertThat(desk.bytes.reset).isTrue();
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.BAD_CLOSE);
        assertEnded(desk, QueuePairState.ERROR);
    }

    @Test
    void closingWithWorkOutstandingFailsAtOnce() {
        Desk desk = Desk.connected();
        desk.read(1, desk.region(100, AccessFlag.LOCAL_WRITE), 10);
        desk.engine.modify(QueuePairState.CLOSING);
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.BAD_CLOSE);
        assertThat(desk.completions()).containsExactly("1 FLUSHED");
        assertEnded(desk, QueuePairState.ERROR);
    }

    /** Receives flushed into a full completion queue drove the state machine into a transition it does not have. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCompletionQueueThatOverflowsWhileClosingMakesTheCloseFail(boolean peerCloses) {
        Desk desk = new Desk(1);
        desk.connect();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        for (int id = 1; id <= 5; id++) {
            desk.receive(id, region, 100);
        }
        if (peerCloses) {
            desk.arriveFin();
        } else {
            desk.engine.modify(QueuePairState.CLOSING);
        }
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.COMPLETION_QUEUE_OVERFLOW);
        assertEnded(desk, QueuePairState.ERROR);
    }

    @Test
    void finWaitsForWhatTheTransportHasNotTaken() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.REMOTE_READ);
        desk.bytes.allowance = 30;
        desk.arrive(Peer.readRequest(1, region.stag(), region.startAddress(), 50));
        CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        desk.engine.disconnect(DEADLINE_NS, outcome);
        assertThat(desk.bytes.finSent).isFalse();
        desk.allow(Long.MAX_VALUE);
        assertThat(desk.bytes.finSent).isTrue();
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.CLOSING);
        desk.arriveFin();
        assertThat(outcome).isCompletedWithValue(true);
        assertEnded(desk, QueuePairState.IDLE);
    }

    // ---- Terminate ----

    @Test
    @Requirement("RDMAP-5.4-10")
    void thePeersTerminateIsNotAnswered() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(8000, AccessFlag.LOCAL_WRITE);
        desk.bytes.allowance = 100;
        desk.write(1, region, 8000);
        desk.read(2, region, 100);
        desk.arrive(Peer.terminate(TerminateReason.DDP_TAGGED_INVALID_STAG));
        desk.allow(Long.MAX_VALUE);
        assertThat(desk.bytes.taken).isEqualTo(100);
        assertThat(desk.bytes.finSent).isTrue();
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.TERMINATE_RECEIVED);
        assertThat(desk.engine.terminate().sent()).isFalse();
        desk.arriveFin();
        assertThat(desk.completions()).containsExactly("1 FLUSHED", "2 FLUSHED");
        assertEnded(desk, QueuePairState.ERROR);
    }

    @Test
    void whatArrivesBehindATerminateIsDropped() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
        desk.receive(50, region, 100);
        desk.arrive(
                Peer.terminate(TerminateReason.RDMAP_LOCAL_CATASTROPHIC),
                Peer.write(region.stag(), region.startAddress(), 50),
                Peer.send(1, 10),
                Peer.terminate(TerminateReason.RDMAP_LOCAL_CATASTROPHIC));
        assertThat(desk.events).hasSize(1);
        desk.arriveFin();
        assertThat(desk.completions()).containsExactly("50 FLUSHED");
    }

    @Test
    void theTerminateOfTheApplicationIsFollowedByABadCloseIfThePeerStays() {
        Desk desk = Desk.connected();
        desk.engine.modify(QueuePairState.TERMINATE);
        assertThat(desk.lastFrame().triple()).isEqualTo("0/0/00");
        assertThat(desk.events).isEmpty();
        desk.loop.advance(Desk.CLOSE_TIMEOUT_NS);
        assertThat(desk.bytes.reset).isTrue();
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.BAD_CLOSE);
        assertEnded(desk, QueuePairState.ERROR);
    }

    @Test
    void aTerminateThatCannotLeaveEndsWithTheCloseTimer() {
        Desk desk = Desk.connected();
        desk.bytes.allowance = 0;
        desk.arrive(Peer.write(0x4711, 0, 4));
        desk.loop.advance(Desk.CLOSE_TIMEOUT_NS);
        assertThat(desk.bytes.reset).isTrue();
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.REMOTE_PROTECTION);
        assertEnded(desk, QueuePairState.ERROR);
    }

    @Test
    void theFirstErrorWins() {
        Desk desk = Desk.connected();
        desk.bytes.allowance = 0;
        desk.arrive(Peer.write(0x4711, 0, 4), Peer.send(1, 4), Peer.write(0x4711, 0, 4));
        desk.engine.abort("the application lost patience");
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.REMOTE_PROTECTION);
        assertThat(desk.engine.failure().check()).isEqualTo(FailedCheck.ENTRY_VALID);
        assertEnded(desk, QueuePairState.ERROR);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBadFirstFpduBreaksTheConnectionOfAResponder(boolean initiator) {
        Desk desk = new Desk();
        desk.initiator = initiator;
        desk.connect();
        byte[] damaged = Peer.send(1, 10);
        damaged[12] ^= 1;
        desk.arrive(damaged);
        if (initiator) {
            assertThat(desk.lastFrame().triple()).isEqualTo("2/0/02");
        } else {
            assertThat(desk.bytes.taken).isZero();
            assertThat(desk.bytes.reset).isTrue();
        }
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.STREAM_INTEGRITY);
    }

    // ---- loss ----

    @Test
    void aLostConnectionFlushesEverything() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.read(1, region, 10);
        desk.receive(50, region, 10);
        desk.stream.onFailed(StreamError.RESET, new IOException("reset by a test"));
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.CONNECTION_RESET);
        assertThat(desk.completions()).containsExactly("1 FLUSHED", "50 FLUSHED");
        assertEnded(desk, QueuePairState.ERROR);
    }

    /**
     * An application that ends the connection as soon as it stands, on the stream's own thread, met a message that was
     * delivered all the same, to a receive that had been flushed.
     */
    @Test
    void aMessageIsNotDeliveredOnAStreamThatEndsWithItsFirstSegment() {
        Desk desk = Desk.responder();
        desk.receive(50, desk.region(100, AccessFlag.LOCAL_WRITE), 100);
        desk.whenHeard = () -> desk.engine.abort("the application changed its mind");
        desk.arrive(Peer.send(1, 10));
        assertThat(desk.completions()).containsExactly("50 FLUSHED");
        assertEnded(desk, QueuePairState.ERROR);
    }

    @Test
    @Requirement("DDP-6.1-01")
    void octetsThatCameWithTheReplyAreTheFirstOfTheStream() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.receive(50, region, 100);
        desk.stream.start(ByteBuffer.wrap(Peer.send(1, 10)));
        assertThat(desk.completions()).containsExactly("50 SUCCESS");
    }
}
