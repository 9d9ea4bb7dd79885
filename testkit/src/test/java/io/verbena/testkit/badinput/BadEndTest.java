package io.verbena.testkit.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawSegment;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that end where they should not, go on where they should have ended, or stall. */
@Tag("tcp")
@Timeout(30)
class BadEndTest {
    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    @Requirement({"MPA-8-01", "RDMAP-5.5-16", "MPA-3-12", "MPA-8-09", "DDP-6.2.2-01"})
    void takesAFinInTheMiddleOfAnFpduAsALoss(PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode)) {
            MemoryRegion inbox = victim.end().register(64);
            victim.end().postReceive(1, inbox);
            victim.peer().sendPartOfFpdu(RawSegment.send(1, HexVectors.pattern(60)), 50);
            victim.peer().finish();
            victim.peer().expectEnd();
            victim.peer().close();
            victim.requireOneEvent(AsyncEvent.Kind.CONNECTION_LOST, FailedCheck.CONNECTION_LOST);
            victim.requireFlushedReceives(1, FailedCheck.CONNECTION_LOST);
            victim.requireMemoryUntouched();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 15, 16, 17, 21})
    void takesAFinInTheMiddleOfAHeaderAsALoss(int octets) throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            victim.peer().sendPartOfFpdu(RawSegment.send(1, HexVectors.pattern(60)), octets);
            victim.peer().finish();
            victim.peer().expectEnd();
            victim.requireOneEvent(AsyncEvent.Kind.CONNECTION_LOST, FailedCheck.CONNECTION_LOST);
        }
    }

    @Test
    void takesAFinBetweenTwoSegmentsOfAMessageAsALoss() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion inbox = victim.end().register(64);
            victim.end().postReceive(1, inbox);
            victim.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(30)).withoutLast());
            victim.peer().finish();
            victim.peer().expectEnd();
            victim.requireOneEvent(AsyncEvent.Kind.CONNECTION_LOST, FailedCheck.CONNECTION_LOST);
            victim.requireFlushedReceives(1, FailedCheck.CONNECTION_LOST);
        }
    }

    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    @Requirement({"MPA-8-01", "DDP-3-03", "DDP-6.2.2-01"})
    void flushesAfterAReset(PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode)) {
            MemoryRegion inbox = victim.end().register(64);
            victim.end().postReceive(1, inbox);
            victim.end().postReceive(2, inbox);
            victim.peer().reset();
            victim.requireOneEvent(AsyncEvent.Kind.CONNECTION_RESET, FailedCheck.CONNECTION_RESET);
            victim.requireFlushedReceives(2, FailedCheck.CONNECTION_RESET);
        }
    }

    @Test
    @Requirement({"RDMAP-5.4-05", "RDMAP-5.4-06", "VRB-AE-07", "RDMAP-6.2.1-03", "RDMAP-7-02", "VRB-QP-07"})
    void hearsATerminateAndNothingBehindIt() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion inbox = victim.end().register(64);
            victim.end().postReceive(1, inbox);
            victim.peer().sendFpdu(RawSegment.terminate(1, 1, 0x01));
            victim.peer().sendFpdu(RawSegment.write(victim.granted().stag(), victim.at(0), HexVectors.pattern(64)));
            victim.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(64)));
            // A Terminate is never answered by one, so the end comes without an FPDU.
            victim.peer().expectEnd();
            victim.peer().close();
            FailureCause cause =
                    victim.requireOneEvent(AsyncEvent.Kind.TERMINATE_RECEIVED, FailedCheck.REMOTE_TERMINATE);
            assertThat(cause.terminate().sent()).isFalse();
            assertThat(cause.terminate().triple()).isEqualTo("1/1/01");
            assertThat(cause.detectedBy()).isEqualTo(FailureCause.End.REMOTE);
            assertThat(victim.end().queuePair().query().terminate().triple()).isEqualTo("1/1/01");
            victim.requireFlushedReceives(1, FailedCheck.REMOTE_TERMINATE);
            victim.requireMemoryUntouched();
        }
    }

    /** Linux siw writes the halves of the first octet the other way round, and here nothing else tells. */
    @Test
    void saysBothThatATerminateMayMean() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            victim.peer().sendFpdu(RawSegment.terminate(2, 0, 0x06));
            victim.peer().expectEnd();
            victim.peer().close();
            FailureCause cause =
                    victim.requireOneEvent(AsyncEvent.Kind.TERMINATE_RECEIVED, FailedCheck.REMOTE_TERMINATE);
            assertThat(cause.terminate().triple()).isEqualTo("2/0/06");
            assertThat(cause.message())
                    .contains("RDMA Read resources")
                    .contains("siw")
                    .contains("opcode is unknown");
        }
    }

    @Test
    @Requirement({"RDMAP-5.4-09", "RDMAP-7.1-05", "DDP-7.1-17", "DDP-3-08"})
    void sendsOneTerminateHoweverManySegmentsAreWrong() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            RawSegment first = RawSegment.write(victim.granted().stag(), -1, HexVectors.pattern(1));
            victim.peer().sendFpdu(first);
            for (int i = 0; i < 100; i++) {
                victim.peer().sendFpdu(RawSegment.send(9, HexVectors.pattern(64)));
                victim.peer().sendFpdu(RawSegment.write(victim.granted().stag(), victim.at(0), HexVectors.pattern(64)));
            }
            victim.peer().expectFpdu("a Terminate", segment -> segment.opcode() == 7);
            victim.peer().expectClose();
            victim.peer().close();
            victim.end().awaitState(QueuePairState.ERROR);
            victim.requireOthersWork();
            assertThat(victim.end().events()).hasSize(1);
            victim.requireMemoryUntouched();
        }
    }

    @Test
    @Requirement("VRB-QP-07")
    void tellsThePeerOfAFinThatComesTooEarly() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion sink = victim.end().register(64);
            victim.end()
                    .queuePair()
                    .postSend(new SendRequest().read(0x1234, 0).id(5).local(sink, 0, 64))
                    .orThrow();
            victim.peer().expectFpdu("a Read Request", segment -> segment.opcode() == 1);
            victim.peer().finish();
            victim.peer().expectTerminate(0, 2, 0x07).returningNothing();
            victim.peer().expectClose();
            FailureCause cause = victim.requireOneEvent(AsyncEvent.Kind.BAD_PEER_CLOSE, FailedCheck.CLOSED_WHILE_BUSY);
            victim.requireTerminateSent(cause, "0/2/07");
            WorkCompletion read = victim.end().awaitSend();
            assertThat(read.id()).isEqualTo(5);
            assertThat(read.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
            assertThat(read.cause().root().check()).isEqualTo(FailedCheck.CLOSED_WHILE_BUSY);
        }
    }

    @Test
    @Requirement("DDP-6.2.1-05")
    void closesInOrderWhenThePeerDoes() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion inbox = victim.end().register(64);
            victim.end().postReceive(1, inbox);
            victim.peer().finish();
            victim.peer().expectClose();
            victim.end().awaitState(QueuePairState.IDLE);
            victim.requireFlushedReceives(1, FailedCheck.REMOTE_CLOSE);
            victim.end().awaitEvents(1);
            victim.requireOthersWork();
            assertThat(victim.end().events())
                    .extracting(AsyncEvent::kind)
                    .containsExactly(AsyncEvent.Kind.CLOSE_COMPLETE);
        }
    }

    @Test
    @Requirement({"DDP-5.4-04", "SYS-POOL-05", "RDMAP-5.5-01", "VRB-PS-02"})
    void servesOthersWhileOnePeerNeverReads() throws Exception {
        UnaryOperator<PairOptions> small = options -> options.withQueuePairs(queuePair -> queuePair.withDepths(16, 16));
        try (Victim victim = Victim.open(PlacementMode.VALIDATED, small, UnaryOperator.identity())) {
            MemoryRegion source = victim.end().register(4 << 20);
            SendRequest request = new SendRequest();
            for (int i = 0; i < 16; i++) {
                victim.end()
                        .queuePair()
                        .postSend(request.write(1, 0).id(i).local(source, 0, 4 << 20))
                        .orThrow();
            }
            victim.requireOthersWork();
            assertThat(victim.end().queuePair().state()).isEqualTo(QueuePairState.RTS);
            victim.end().queuePair().abort();
            victim.end().awaitState(QueuePairState.ERROR);
            WorkCompletion last;
            do {
                last = victim.end().awaitSend();
            } while (last.id() != 15);
            assertThat(last.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
            assertThat(last.cause().root().check()).isEqualTo(FailedCheck.LOCAL_CLOSE);
            assertThat(victim.end().events()).isEmpty();
        }
    }
}
