package io.verbena.testkit.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawSegment;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory that is deregistered while operations use it: nothing touches it once {@code close} has returned (VRB-MR-08). */
@Tag("tcp")
@Timeout(30)
class WithdrawnMemoryTest {
    private static final int LONG = 32 << 20;

    @Test
    @Requirement({"RDMAP-4.8-14", "VRB-MR-08"})
    void refusesAReadWhoseSourceWentAwayBeforeItsAnswerBegan() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion longSource = victim.end().register(LONG, AccessFlag.REMOTE_READ);
            MemoryRegion source = victim.end().register(64, AccessFlag.REMOTE_READ);
            victim.peer()
                    .sendFpdu(RawSegment.readRequest(1, 0x77, 0, LONG, longSource.stag(), longSource.startAddress()));
            RawSegment offender = RawSegment.readRequest(2, 0x78, 0, 64, source.stag(), source.startAddress());
            victim.peer().sendFpdu(offender);
            // The answer to the first is under way, and much too long for the second to have begun.
            victim.peer().expectFpdu("a Read Response", segment -> segment.opcode() == 2);
            victim.end()
                    .await(
                            "both requests",
                            () -> victim.end().queuePair().query().inboundReads() == 2);
            source.close();
            victim.peer().expectTerminateAfterData(0, 1, 0x00).returningReadRequest(offender);
            victim.peer().expectClose();
            victim.peer().close();
            victim.requireOneEvent(AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ENTRY_VALID);
        }
    }

    @Test
    @Requirement("VRB-MR-08")
    void breaksTheConnectionWhenTheSourceOfASegmentUnderWayGoesAway() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion source = victim.end().register(LONG, AccessFlag.REMOTE_READ);
            victim.peer().sendFpdu(RawSegment.readRequest(1, 0x77, 0, LONG, source.stag(), source.startAddress()));
            victim.peer().expectFpdu("a Read Response", segment -> segment.opcode() == 2);
            source.close();
            // What is half sent cannot be finished without the memory (state machines 2.6), so there may be no
            // Terminate.
            victim.peer().skipToEnd();
            victim.peer().close();
            victim.requireOneEvent(AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ENTRY_VALID);
        }
    }

    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    @Requirement({"VRB-MR-08", "RDMAP-8.1.1-06", "SEC-6.2.2-02", "DDP-8.3.1-06", "RDMAP-8.1.1-04"})
    void placesNothingMoreOfAWriteIntoMemoryThatIsGone(PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode)) {
            long octets = Victim.GRANTED_OCTETS / 2;
            byte[] half = HexVectors.pattern((int) octets);
            victim.peer()
                    .sendFpdu(RawSegment.write(victim.granted().stag(), victim.at(0), half)
                            .withoutLast());
            victim.end().await("the first half", () -> victim.octets((int) octets - 1, 1)[0] == half[(int) octets - 1]);
            victim.granted().close();
            RawSegment offender = RawSegment.write(victim.granted().stag(), victim.at(octets), half);
            victim.peer().sendFpdu(offender);
            victim.peer().expectTerminate(1, 1, 0x00).returning(offender);
            victim.peer().expectClose();
            victim.peer().close();
            victim.requireOneEvent(AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ENTRY_VALID);
            assertThat(victim.octets((int) octets, (int) octets)).containsOnly(0xA5);
        }
    }

    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    @Requirement({"VRB-MR-08", "VRB-PR-06"})
    void failsAReceiveWhoseMemoryIsGone(PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode)) {
            MemoryRegion inbox = victim.end().register(64);
            victim.end().postReceive(1, inbox);
            inbox.close();
            victim.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(16)));
            victim.peer().expectTerminate(0, 0, 0x00).returningNothing();
            victim.peer().expectClose();
            victim.peer().close();
            victim.requireFailedReceive(WorkCompletionStatus.LOCAL_INVALID_STAG, FailedCheck.ENTRY_VALID);
        }
    }

    @Test
    @Requirement("VRB-PR-06")
    void failsAReceiveWhoseMemoryMayNotBeWritten() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion readOnly =
                    victim.end().register(List.of(ByteBuffer.allocateDirect(64)), RegionOptions.defaults());
            victim.end().postReceive(1, readOnly);
            victim.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(16)));
            victim.peer().expectTerminate(0, 0, 0x00).returningNothing();
            victim.peer().close();
            victim.requireFailedReceive(WorkCompletionStatus.LOCAL_ACCESS, FailedCheck.ACCESS_RIGHT);
        }
    }

    @Test
    @Requirement("VRB-MR-08")
    void failsAWriteWhoseSourceIsGone() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion source = victim.end().register(LONG);
            SendRequest request = new SendRequest();
            victim.end()
                    .queuePair()
                    .postSend(request.write(1, 0).id(1).local(source, 0, LONG))
                    .orThrow();
            victim.end()
                    .queuePair()
                    .postSend(request.write(1, 0).id(2).local(source, 0, LONG))
                    .orThrow();
            victim.peer().expectFpdu("a Write", segment -> segment.opcode() == 0);
            source.close();
            victim.peer().skipToEnd();
            victim.peer().close();
            WorkCompletion failed = victim.end().awaitSend();
            assertThat(failed.id()).isEqualTo(1);
            assertThat(failed.status()).isEqualTo(WorkCompletionStatus.LOCAL_INVALID_STAG);
            assertThat(victim.end().awaitSend().status()).isEqualTo(WorkCompletionStatus.FLUSHED);
            victim.end().awaitState(QueuePairState.ERROR);
        }
    }
}
