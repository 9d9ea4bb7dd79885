package io.verbena.testkit.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.TerminateInformation;
import io.verbena.verbs.cm.ConnectionParameters;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a receiver has to put up with although a careful sender would not send it. */
@Tag("tcp")
@Timeout(30)
class TolerantReceiverTest {
    private RawPartner partner;
    private ByteBuffer memory;
    private MemoryRegion target;
    private MemoryRegion inbox;

    @BeforeEach
    void connect() {
        partner = new RawPartner(
                ConnectionParameters.defaults(), RawStartup.reply().withDepths(16, 16));
        memory = ByteBuffer.allocateDirect(1000);
        target = partner.end().register(memory.duplicate(), AccessFlag.REMOTE_WRITE);
        inbox = partner.end().register(100);
    }

    @AfterEach
    void close() {
        partner.close();
    }

    @Test
    @Requirement({"DDP-4.1-09", "RDMAP-4.1-09", "RDMAP-4.1-11"})
    void ignoresReservedBits() {
        partner.end().postReceive(1, inbox);
        partner.peer()
                .sendFpdu(RawSegment.write(target.stag(), target.startAddress(), new byte[] {7})
                        .withDdpControl(0xC1 | 0x3C)
                        .withRdmapControl(0x40 | 0x30));
        partner.peer()
                .sendFpdu(RawSegment.send(1, new byte[5])
                        .withDdpControl(0x41 | 0x3C)
                        .withRdmapControl(0x43 | 0x30)
                        .withStag(target.stag()));
        assertThat(partner.end().awaitReceiveSuccess().invalidated()).isFalse();
        assertThat(memory.get(0)).isEqualTo((byte) 7);
        assertThat(target.query().valid()).isTrue();
    }

    @Test
    @Requirement({"DDP-5.3-03", "DDP-5.3-04", "DDP-5.2-11"})
    void placesSegmentsOfAWriteInAnyOrderAndAgain() {
        byte[] data = HexVectors.pattern(300);
        partner.end().postReceive(1, inbox);
        int[] order = {200, 0, 200, 100};
        for (int i = 0; i < order.length; i++) {
            byte[] part = Arrays.copyOfRange(data, order[i], order[i] + 100);
            RawSegment segment = RawSegment.write(target.stag(), target.startAddress() + order[i], part);
            partner.peer().sendFpdu(i < order.length - 1 ? segment.withoutLast() : segment);
        }
        partner.peer().sendFpdu(RawSegment.send(1, new byte[0]));
        partner.end().awaitReceiveSuccess();
        assertThat(memory.slice(0, 300)).isEqualTo(ByteBuffer.wrap(data));
    }

    @Test
    @Requirement({"RDMAP-5.5-16", "DDP-4.1-12", "DDP-5.4-01", "DDP-3-04"})
    void completesAReceiveWithItsLastSegmentOnly() {
        partner.end().postReceive(1, inbox);
        partner.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(30)).withoutLast());
        // A Write between two segments of a Send is another kind of message; it shows that the first segment has
        // arrived.
        partner.peer().sendFpdu(RawSegment.write(target.stag(), target.startAddress(), new byte[] {9}));
        partner.end().await("the Write", () -> memory.get(0) == 9);
        assertThat(partner.end().receiveCompletions().size()).isZero();
        partner.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(20)).withOffset(30));
        assertThat(partner.end().awaitReceiveSuccess().lengthOctets()).isEqualTo(50);
    }

    @Test
    @Requirement({"RDMAP-5.4-03", "RDMAP-5.4-04"})
    void hearsATerminateWithoutAnyReceivePosted() {
        partner.peer().sendFpdu(RawSegment.terminate(2, 0, 2));
        partner.peer().expectEnd();
        partner.end().awaitState(QueuePairState.ERROR);
        assertThat(partner.end().awaitEvents(1).get(0).cause().terminate().triple())
                .isEqualTo("2/0/02");
    }

    /** RFC 5040 section 4.8; three of the 13 reserved bits are left alone here, because Linux siw says something by them. */
    @Test
    @Requirement("RDMAP-4.8-07")
    void ignoresReservedBitsOfATerminate() {
        partner.peer().sendFpdu(RawSegment.terminate(1, 2, 0x05).withPayload(new byte[] {0x12, 0x05, 0x18, -1}));
        partner.peer().expectEnd();
        partner.end().awaitState(QueuePairState.ERROR);
        TerminateInformation heard = partner.end().awaitEvents(1).get(0).cause().terminate();
        assertThat(heard.triple()).isEqualTo("1/2/05");
        assertThat(heard.ddpHeader()).isEmpty();
        assertThat(heard.rdmapHeader()).isEmpty();
    }

    @Test
    @Requirement("VRB-WC-04")
    void leavesAReceiveAloneOnceItHasCompleted() {
        ByteBuffer octets = ByteBuffer.allocateDirect(100);
        partner.end().postReceive(1, partner.end().register(octets.duplicate()));
        partner.end().postReceive(2, inbox);
        partner.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(60)));
        assertThat(partner.end().awaitReceiveSuccess().id()).isEqualTo(1);
        octets.put(new byte[100]);
        partner.peer().sendFpdu(RawSegment.send(1, HexVectors.pattern(60)));
        partner.peer().expectTerminate(1, 2, 0x03);
        partner.end().awaitState(QueuePairState.ERROR);
        assertThat(octets.flip()).isEqualTo(ByteBuffer.allocate(100));
    }
}
