package io.verbena.testkit.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawSegment;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that do not take part in closing: every wait has an end (state machines T13, T18). */
@Tag("tcp")
@Timeout(30)
class StallingPeerTest {
    @Test
    void givesUpOnAPeerThatDoesNotCloseAfterATerminate() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            victim.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(16)));
            victim.peer().expectTerminate(1, 2, 0x02);
            victim.peer().expectClose();
            // This end never closes; the queue pair ends all the same, and the one event stays the only one.
            victim.requireOneEvent(AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.NO_RECEIVE_POSTED);
        }
    }

    @Test
    void givesUpOnAPeerThatSendsForEverAfterATerminate() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            RawSegment good = RawSegment.write(victim.granted().stag(), victim.at(0), HexVectors.pattern(1000));
            victim.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(16)));
            long sent = 0;
            while (victim.peer().trySendFpdu(good)) {
                sent++;
            }
            // What is read, and what TCP held at either end.
            assertThat(1000 * sent).isLessThan(64L << 20);
            victim.requireOneEvent(AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.NO_RECEIVE_POSTED);
            victim.requireMemoryUntouched();
        }
    }

    @Test
    void resetsWhenThePeerDoesNotCloseItsSide() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion inbox = victim.end().register(64);
            victim.end().postReceive(1, inbox);
            assertThat(victim.end().queuePair().disconnect(Duration.ofSeconds(10)))
                    .isFalse();
            assertThat(victim.end().queuePair().state()).isEqualTo(QueuePairState.ERROR);
            victim.peer().expectClose();
            victim.requireOneEvent(AsyncEvent.Kind.BAD_CLOSE, FailedCheck.BUSY_WHILE_CLOSING);
        }
    }

    /** The failed receive has told of the error, so there was no event; what comes after is news. */
    @Test
    @Requirement("VRB-AE-03")
    void tellsOfAConnectionThatBreaksBehindAFailedReceive() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            victim.end().postReceive(1, victim.end().register(64));
            victim.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(65)));
            victim.peer().expectTerminate(1, 2, 0x05);
            assertThat(victim.end().awaitReceive().status()).isEqualTo(WorkCompletionStatus.LOCAL_LENGTH);
            assertThat(victim.end().queuePair().state()).isEqualTo(QueuePairState.TERMINATE);
            victim.peer().reset();
            assertThat(victim.end().awaitEvents(1).get(0).kind()).isEqualTo(AsyncEvent.Kind.BAD_CLOSE);
            victim.end().awaitState(QueuePairState.ERROR);
            assertThat(victim.end().queuePair().query().cause().check()).isEqualTo(FailedCheck.MESSAGE_TOO_LONG);
            victim.requireOthersWork();
        }
    }

    @Test
    @Requirement("VRB-AE-03")
    void resetsWhenAMessageArrivesWhileClosing() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            victim.end().queuePair().modify(QueuePairState.CLOSING);
            victim.peer().expectClose();
            victim.peer().sendFpdu(RawSegment.write(victim.granted().stag(), victim.at(0), HexVectors.pattern(10)));
            victim.requireOneEvent(AsyncEvent.Kind.BAD_CLOSE, FailedCheck.BUSY_WHILE_CLOSING);
            victim.requireMemoryUntouched();
        }
    }

    /** The receives behind the one that a half arrived message has drawn were flushed before it. */
    @Test
    void flushesReceivesInOrderWhenTheRestOfAMessageArrivesWhileClosing() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            RawSegment half = closeInTheMiddleOfAMessage(victim);
            assertThat(victim.end().receiveCompletions().size()).isZero();
            victim.peer().sendFpdu(half.withOffset(16));
            requireThreeFlushedInOrder(victim);
        }
    }

    /** The queue pair came to Idle, as if nothing were missing. */
    @Test
    void failsTheCloseWhenThePeerClosesInTheMiddleOfAMessage() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            closeInTheMiddleOfAMessage(victim);
            victim.peer().finish();
            requireThreeFlushedInOrder(victim);
        }
    }

    private static RawSegment closeInTheMiddleOfAMessage(Victim victim) {
        MemoryRegion inbox = victim.end().register(64);
        for (int id = 1; id <= 3; id++) {
            victim.end().postReceive(id, inbox);
        }
        RawSegment half = RawSegment.send(1, HexVectors.pattern(16));
        victim.peer().sendFpdu(half.withoutLast());
        victim.end()
                .await(
                        "half a message",
                        () -> victim.end().queuePair().queryReceiveQueue().waiting() == 2);
        victim.end().queuePair().modify(QueuePairState.CLOSING);
        victim.peer().expectClose();
        return half;
    }

    private static void requireThreeFlushedInOrder(Victim victim) throws InterruptedException {
        for (long id = 1; id <= 3; id++) {
            WorkCompletion flushed = victim.end().awaitReceive();
            assertThat(flushed.id()).isEqualTo(id);
            assertThat(flushed.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
        }
        victim.requireOneEvent(AsyncEvent.Kind.BAD_CLOSE, FailedCheck.BUSY_WHILE_CLOSING);
    }

    @Test
    @Requirement("RDMAP-5.4-07")
    void hearsATerminateThatIsCutShort() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            victim.peer().sendFpdu(RawSegment.terminate(1, 1, 0).withPayload(new byte[2]));
            victim.peer().expectEnd();
            victim.peer().close();
            victim.requireOneEvent(AsyncEvent.Kind.TERMINATE_RECEIVED, FailedCheck.REMOTE_TERMINATE);
        }
    }
}
