package io.verbena.testkit.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawSegment;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sends that do not fit the posted receives, and Sends that invalidate what they may not. */
@Tag("tcp")
@Timeout(30)
class BadMessageTest {
    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    @Requirement({"DDP-7.1-08", "RDMAP-5.3-04", "RDMAP-3.2-02", "VRB-PR-03", "VRB-WC-03", "VRB-AE-03"})
    void failsTheReceiveThatIsTooShortForAMessage(PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode)) {
            ByteBuffer guarded = filled(96);
            MemoryRegion inbox = victim.end().register(guarded.slice(16, 64));
            victim.end().postReceive(1, inbox);
            victim.end().postReceive(2, inbox);
            RawSegment offender = RawSegment.send(1, HexVectors.pattern(65));
            victim.peer().sendFpdu(offender);
            victim.peer().expectTerminate(1, 2, 0x05).returning(offender);
            victim.peer().expectClose();
            victim.peer().close();
            FailureCause cause =
                    victim.requireFailedReceive(WorkCompletionStatus.LOCAL_LENGTH, FailedCheck.MESSAGE_TOO_LONG);
            victim.requireTerminateSent(cause, "1/2/05");
            victim.requireFlushedReceives(1, FailedCheck.MESSAGE_TOO_LONG);
            assertThat(guarded).isEqualTo(filled(96));
        }
    }

    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    void failsTheReceiveWhenALaterSegmentIsTooMuch(PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode)) {
            ByteBuffer guarded = filled(96);
            MemoryRegion inbox = victim.end().register(guarded.slice(16, 64));
            victim.end().postReceive(1, inbox);
            victim.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(60)).withoutLast());
            RawSegment offender = RawSegment.send(1, HexVectors.pattern(5)).withOffset(60);
            victim.peer().sendFpdu(offender);
            victim.peer().expectTerminate(1, 2, 0x05).returning(offender);
            victim.peer().expectClose();
            victim.peer().close();
            victim.requireFailedReceive(WorkCompletionStatus.LOCAL_LENGTH, FailedCheck.MESSAGE_TOO_LONG);
            assertThat(guarded.slice(0, 16)).isEqualTo(filled(16));
            assertThat(guarded.slice(80, 16)).isEqualTo(filled(16));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16})
    @Requirement({"DDP-7.1-02", "DDP-7.1-03", "DDP-7.1-06", "DDP-7.1-19", "RDMAP-5.3-07", "RDMAP-5.3-11"})
    void endsTheStreamWhenNoReceiveIsPosted(int length) throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            RawSegment offender = RawSegment.send(1, HexVectors.pattern(length));
            victim.peer().sendFpdu(offender);
            victim.peer().expectTerminate(1, 2, 0x02).returning(offender);
            victim.peer().expectClose();
            victim.peer().close();
            FailureCause cause = victim.requireOneEvent(AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.NO_RECEIVE_POSTED);
            victim.requireTerminateSent(cause, "1/2/02");
            victim.requireMemoryUntouched();
        }
    }

    @Test
    void refusesASecondSegmentThatLeavesAGap() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion inbox = victim.end().register(64);
            victim.end().postReceive(1, inbox);
            victim.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(8)).withoutLast());
            RawSegment offender = RawSegment.send(1, HexVectors.pattern(8)).withOffset(12);
            victim.peer().sendFpdu(offender);
            victim.peer().expectTerminate(1, 2, 0x04).returning(offender);
            victim.peer().expectClose();
            victim.peer().close();
            victim.requireOneEvent(AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.MESSAGE_OFFSET);
            victim.requireFlushedReceives(1, FailedCheck.MESSAGE_OFFSET);
        }
    }

    @Test
    @Requirement({"RDMAP-5.3-15", "RDMAP-7.2-04", "VRB-WC-03"})
    void refusesToInvalidateAnUnknownStag() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            refuseInvalidate(victim, victim.granted().stag() ^ 0x5555_5500, 2);
        }
    }

    @Test
    @Requirement({"RDMAP-5.3-13", "RDMAP-5.3-15", "RDMAP-7.2-05"})
    void refusesToInvalidateAnStagOfAnotherDomain() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            refuseInvalidate(victim, victim.foreign().stag(), 1);
            assertThat(victim.foreign().query().valid()).isTrue();
        }
    }

    @Test
    @Requirement("RDMAP-5.3-15")
    void refusesToInvalidateAnStagWithoutRemoteRights() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion local = victim.end().register(64);
            refuseInvalidate(victim, local.stag(), 1);
            assertThat(local.query().valid()).isTrue();
        }
    }

    @Test
    @Requirement({"RDMAP-5.3-15", "VRB-ST-01"})
    void refusesToInvalidateByAnotherKey() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            refuseInvalidate(victim, victim.granted().stag() ^ 1, 1);
            assertThat(victim.granted().query().valid()).isTrue();
        }
    }

    private static void refuseInvalidate(Victim victim, int stag, int errorType) throws InterruptedException {
        MemoryRegion inbox = victim.end().register(64);
        victim.end().postReceive(1, inbox);
        RawSegment offender = RawSegment.sendInvalidate(1, stag, HexVectors.pattern(16));
        victim.peer().sendFpdu(offender);
        victim.peer().expectTerminate(0, errorType, 0x09).returning(offender);
        victim.peer().expectClose();
        victim.peer().close();
        FailureCause cause =
                victim.requireFailedReceive(WorkCompletionStatus.INVALIDATE_REFUSED, FailedCheck.INVALIDATE);
        victim.requireTerminateSent(cause, "0/" + errorType + "/09");
        victim.requireMemoryUntouched();
    }

    @Test
    @Requirement({"RDMAP-5.3-14", "DDP-8.3-02"})
    void honoursAnInvalidateOnceAndRefusesTheWriteBehindIt() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion inbox = victim.end().register(64);
            MemoryRegion exposed = victim.end().register(64, AccessFlag.REMOTE_WRITE);
            victim.end().postReceive(1, inbox);
            victim.peer().sendFpdu(RawSegment.write(exposed.stag(), exposed.startAddress(), HexVectors.pattern(64)));
            victim.peer().sendFpdu(RawSegment.sendInvalidate(1, exposed.stag(), new byte[4]));
            var received = victim.end().awaitReceiveSuccess();
            assertThat(received.invalidated()).isTrue();
            assertThat(received.invalidatedStag()).isEqualTo(exposed.stag());
            RawSegment offender = RawSegment.write(exposed.stag(), exposed.startAddress(), HexVectors.pattern(4));
            victim.peer().sendFpdu(offender);
            victim.peer().expectTerminate(1, 1, 0x00).returning(offender);
            victim.peer().expectClose();
            victim.peer().close();
            victim.requireOneEvent(AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.ENTRY_VALID);
        }
    }

    private static ByteBuffer filled(int octets) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(octets);
        while (buffer.hasRemaining()) {
            buffer.put((byte) 0xA5);
        }
        return buffer.flip();
    }
}
