package io.verbena.ddp;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.TaggedHeader;
import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.mpa.MpaError;
import io.verbena.mpa.SegmentReceiver;
import io.verbena.testkit.Requirement;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments in, placing and delivery out: RFC 5041 sections 5.2, 5.3 and 7.1. */
class DdpReceiverTest {
    private static final int SEND_CONTROL = 0x43;

    private final RecordingUlp ulp = new RecordingUlp();
    private final List<MpaError> framingErrors = new ArrayList<>();
    private final DdpReceiver receiver = new DdpReceiver(ulp, framingErrors::add);

    private static ByteBuffer untagged(int queue, int sequence, int offset, boolean last, int payload) {
        ByteBuffer segment = ByteBuffer.allocate(UntaggedHeader.OCTETS + payload);
        new UntaggedHeader()
                .wrap(segment, 0)
                .control(DdpControl.encode(false, last))
                .ulpControl(SEND_CONTROL)
                .ulpWord(0)
                .queueNumber(queue)
                .messageSequenceNumber(sequence)
                .messageOffset(offset);
        return segment;
    }

    private static ByteBuffer tagged(int stag, long offset, boolean last, int payload) {
        ByteBuffer segment = ByteBuffer.allocate(TaggedHeader.OCTETS + payload);
        new TaggedHeader()
                .wrap(segment, 0)
                .control(DdpControl.encode(true, last))
                .ulpControl(0x40)
                .stag(stag)
                .taggedOffset(offset);
        return segment;
    }

    /** Hands a segment over in one piece; returns whether the stream goes on. */
    private boolean arrive(ByteBuffer segment) {
        int length = segment.capacity();
        ByteBuffer shifted = ByteBuffer.allocate(length + 5).put(5, segment, 0, length);
        int header = receiver.onSegmentBegin(shifted, 5, length, length);
        if (header == SegmentReceiver.REFUSED) {
            return false;
        }
        return (header == length || receiver.onPayload(shifted, 5 + header, length - header))
                && receiver.onSegmentEnd();
    }

    private boolean send(int sequence, int offset, boolean last, int payload) {
        return arrive(untagged(0, sequence, offset, last, payload));
    }

    @Test
    void deliversMessagesOfOneAndOfManySegmentsInOrder() {
        assertThat(send(1, 0, true, 5)).isTrue();
        assertThat(send(2, 0, false, 10)).isTrue();
        assertThat(receiver.insideMessage()).isTrue();
        assertThat(send(2, 10, false, 20)).isTrue();
        assertThat(send(2, 30, true, 1)).isTrue();
        assertThat(receiver.insideMessage()).isFalse();
        assertThat(ulp.log)
                .containsExactly(
                        "begin q0 m1",
                        "placed 5",
                        "deliver q0 m1 5",
                        "begin q0 m2",
                        "placed 10",
                        "placed 20",
                        "placed 1",
                        "deliver q0 m2 31");
    }

    @Test
    @Requirement("DDP-4.2-07")
    void taggedMessagesAndOtherQueuesMayComeBetweenTheSegmentsOfAMessage() {
        assertThat(send(1, 0, false, 10)).isTrue();
        assertThat(arrive(tagged(7, 100, false, 8))).isTrue();
        assertThat(arrive(untagged(1, 1, 0, true, 28))).isTrue();
        assertThat(arrive(tagged(7, 108, true, 8))).isTrue();
        assertThat(arrive(untagged(2, 1, 0, false, 4))).isTrue();
        assertThat(send(1, 10, true, 10)).isTrue();
        assertThat(arrive(untagged(2, 1, 4, true, 4))).isTrue();
        assertThat(ulp.log)
                .containsSubsequence(
                        "begin q0 m1",
                        "resolve tagged 7",
                        "deliver q1 m1 28",
                        "deliver tagged 7 0",
                        "begin q2 m1",
                        "deliver q0 m1 20",
                        "deliver q2 m1 8");
        assertThat(receiver.insideMessage()).isFalse();
    }

    /** RFC 5041 sections 4.2, 4.3 and 5.4: what the layer above has reserved comes with the message, bit by bit. */
    @Test
    @Requirement({"DDP-4.2-03", "DDP-4.3-03", "DDP-5.4-03"})
    void bringsWhatTheLayerAboveHasReserved() {
        for (int bit = 0; bit < Byte.SIZE; bit++) {
            ByteBuffer tagged = tagged(7, 0, true, 4);
            tagged.put(1, (byte) (1 << bit));
            assertThat(arrive(tagged)).isTrue();
            assertThat(ulp.deliveredControl).isEqualTo(1 << bit);
        }
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            ByteBuffer untagged = untagged(0, bit + 1, 0, true, 4);
            untagged.put(1, (byte) (bit + 0x80));
            untagged.putInt(UntaggedHeader.ULP_WORD, 1 << bit);
            assertThat(arrive(untagged)).isTrue();
            assertThat(ulp.deliveredControl).isEqualTo(bit + 0x80);
            assertThat(ulp.deliveredWord).isEqualTo(1 << bit);
        }
    }

    @Test
    void aZeroLengthMessageTakesABufferAndIsDelivered() {
        assertThat(send(1, 0, true, 0)).isTrue();
        assertThat(ulp.log).containsExactly("begin q0 m1", "placed 0", "deliver q0 m1 0");
    }

    /** RFC 5041 section 5.2: STag and TO of a segment without payload say nothing. */
    @Test
    void aZeroLengthTaggedSegmentIsDeliveredWithoutALookAtItsStag() {
        ulp.resolves = false;
        assertThat(arrive(tagged(0xDEAD, -1, true, 0))).isTrue();
        assertThat(ulp.log).containsExactly("placed 0", "deliver tagged dead 0");
    }

    @Test
    @Requirement("DDP-4.3-09")
    void sequenceNumbersGoRoundWithoutAGap() {
        DdpReceiver late = new DdpReceiver(ulp, framingErrors::add, 0xFFFF_FFFE);
        for (int sequence : new int[] {0xFFFF_FFFE, 0xFFFF_FFFF, 0, 1}) {
            ByteBuffer segment = untagged(0, sequence, 0, true, 0);
            assertThat(late.onSegmentBegin(segment, 0, 18, 18)).isEqualTo(18);
            assertThat(late.onSegmentEnd()).isTrue();
        }
        assertThat(ulp.log)
                .containsSubsequence(
                        "deliver q0 m4294967294 0", "deliver q0 m4294967295 0", "deliver q0 m0 0", "deliver q0 m1 0");
    }

    @Test
    void aMessageCutShortAcrossTheWrapIsSeen() {
        DdpReceiver late = new DdpReceiver(ulp, framingErrors::add, 0xFFFF_FFFF);
        ByteBuffer first = untagged(0, 0xFFFF_FFFF, 0, false, 0);
        late.onSegmentBegin(first, 0, 18, 18);
        late.onSegmentEnd();
        assertThat(late.onSegmentBegin(untagged(0, 0, 0, true, 0), 0, 18, 18)).isEqualTo(SegmentReceiver.REFUSED);
        assertThat(ulp.log).contains("cut short by q0 m0");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, -1, 0x8000_0001})
    void refusesASequenceNumberThatIsNotTheNext(int sequence) {
        assertThat(send(sequence, 0, true, 0)).isFalse();
        assertThat(ulp.log).containsExactly("error UNTAGGED_SEQUENCE_RANGE");
    }

    @Test
    @Requirement("DDP-5.3-05")
    void refusesASequenceNumberThatWasThere() {
        send(1, 0, true, 0);
        assertThat(send(1, 0, true, 0)).isFalse();
        assertThat(ulp.log).endsWith("error UNTAGGED_SEQUENCE_RANGE");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, -1, 0x8000_0000, 0x7FFF_FFFF})
    void refusesAQueueThatDoesNotExist(int queue) {
        assertThat(arrive(untagged(queue, 1, 0, true, 0))).isFalse();
        assertThat(ulp.log).containsExactly("error UNTAGGED_INVALID_QUEUE_NUMBER");
    }

    @ParameterizedTest
    @CsvSource({"-1, UNTAGGED_NO_BUFFER", "-3, UNTAGGED_INVALID_QUEUE_NUMBER"})
    void refusesWhatTheLayerAboveHasNoPlaceFor(long room, DdpError error) {
        ulp.room = room;
        assertThat(send(1, 0, true, 0)).isFalse();
        assertThat(ulp.log).containsExactly("begin q0 m1", "error " + error);
    }

    @Test
    void saysNothingWhenTheLayerAboveHasRefusedByItself() {
        ulp.room = DdpUlp.REFUSED;
        assertThat(send(1, 0, true, 0)).isFalse();
        assertThat(ulp.log).containsExactly("begin q0 m1");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1, 4})
    void refusesAMessageThatDoesNotBeginAtItsBeginning(int offset) {
        assertThat(send(1, offset, true, 4)).isFalse();
        assertThat(ulp.log).containsExactly("error UNTAGGED_INVALID_MESSAGE_OFFSET");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 9, 11, -1})
    void refusesASegmentThatDoesNotContinueItsMessage(int offset) {
        send(1, 0, false, 10);
        assertThat(send(1, offset, true, 4)).isFalse();
        assertThat(ulp.log).endsWith("error UNTAGGED_INVALID_MESSAGE_OFFSET");
    }

    @Test
    void refusesOneOctetTooMany() {
        ulp.room = 30;
        send(1, 0, false, 10);
        send(1, 10, false, 20);
        assertThat(send(1, 30, true, 0)).isTrue();
        send(2, 0, false, 30);
        assertThat(send(2, 30, true, 1)).isFalse();
        assertThat(ulp.log).endsWith("error UNTAGGED_MESSAGE_TOO_LONG");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesAnotherVersion(boolean tag) {
        for (int version : new int[] {0, 2, 3}) {
            ulp.log.clear();
            ByteBuffer segment = tag ? tagged(1, 0, true, 4) : untagged(0, 1, 0, true, 4);
            segment.put(0, (byte) (segment.get(0) & ~DdpControl.VERSION_MASK | version));
            assertThat(arrive(segment)).isFalse();
            assertThat(ulp.log)
                    .containsExactly(tag ? "error TAGGED_INVALID_VERSION" : "error UNTAGGED_INVALID_VERSION");
        }
    }

    @Test
    void readsReservedBitsAsIfTheyWereNotThere() {
        ByteBuffer segment = untagged(0, 1, 0, true, 4);
        segment.put(0, (byte) (segment.get(0) | DdpControl.RESERVED));
        assertThat(arrive(segment)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesASegmentShorterThanItsHeader(boolean tag) {
        int header = tag ? TaggedHeader.OCTETS : UntaggedHeader.OCTETS;
        for (int length = 0; length < header; length++) {
            ulp.log.clear();
            ByteBuffer segment = tag ? tagged(1, 0, true, 0) : untagged(0, 1, 0, true, 0);
            assertThat(arrive(segment.slice(0, length))).isFalse();
            assertThat(ulp.log).containsExactly("error SEGMENT_TOO_SHORT");
        }
    }

    /**
     * A segment too short for its header was reported with the opcode, queue and length of the one before it, so that a
     * Terminate could bring back a header that nobody had sent.
     */
    @Test
    void aSegmentThatIsTooShortHasNothingOfTheOneBefore() {
        arrive(untagged(1, 1, 0, true, 28));
        DdpSegment segment = new DdpSegment();
        segment.read(untagged(1, 7, 3, true, 28), 0, 46);
        assertThat(segment.read(ByteBuffer.allocate(1), 0, 0)).isFalse();
        assertThat(segment.ulpControl()).isZero();
        assertThat(segment.headerOctets()).isZero();
        assertThat(segment.payloadOctets()).isZero();
        assertThat(segment.messageSequenceNumber()).isZero();
        segment.read(untagged(1, 7, 3, true, 28), 0, 46);
        assertThat(segment.read(ByteBuffer.wrap(new byte[] {(byte) 0xC1, 0x40}), 0, 2))
                .isFalse();
        assertThat(segment.tagged()).isTrue();
        assertThat(segment.ulpControl()).isEqualTo(0x40);
        assertThat(segment.queueNumber()).isZero();
    }

    /** The header's length is only known of a version that is known, but too short for the shorter one is too short. */
    @Test
    void lengthIsJudgedBeforeVersion() {
        assertThat(arrive(ByteBuffer.wrap(new byte[] {0}))).isFalse();
        assertThat(ulp.log).containsExactly("error SEGMENT_TOO_SHORT");
    }

    @Test
    void theNextMessageBeforeTheEndOfThisOneCutsItShort() {
        send(1, 0, false, 10);
        assertThat(send(2, 0, true, 4)).isFalse();
        assertThat(ulp.log).endsWith("cut short by q0 m2");
    }

    @Test
    @Requirement("DDP-4.3-05")
    void anotherKindOfMessageUnderTheSameNumberCutsItShort() {
        send(1, 0, false, 10);
        ByteBuffer other = untagged(0, 1, 10, true, 4);
        other.put(1, (byte) 0x45);
        assertThat(arrive(other)).isFalse();
        assertThat(ulp.log).endsWith("cut short by q0 m1");
        RecordingUlp second = new RecordingUlp();
        DdpReceiver again = new DdpReceiver(second, framingErrors::add);
        again.onSegmentBegin(untagged(0, 1, 0, false, 0), 0, 18, 18);
        again.onSegmentEnd();
        ByteBuffer otherStag = untagged(0, 1, 0, true, 0);
        otherStag.putInt(UntaggedHeader.ULP_WORD, 9);
        assertThat(again.onSegmentBegin(otherStag, 0, 18, 18)).isEqualTo(SegmentReceiver.REFUSED);
        assertThat(second.log).endsWith("cut short by q0 m1");
    }

    @Test
    void aSequenceNumberFarAwayInsideAMessageIsOutOfRange() {
        send(1, 0, false, 10);
        assertThat(send(3, 0, true, 4)).isFalse();
        assertThat(ulp.log).endsWith("error UNTAGGED_SEQUENCE_RANGE");
    }

    @Test
    void stopsWhenTheLayerAboveDoesNotWantIt() {
        ulp.welcome = false;
        assertThat(send(1, 0, true, 4)).isFalse();
        ulp.welcome = true;
        ulp.resolves = false;
        assertThat(arrive(tagged(1, 0, true, 4))).isFalse();
        assertThat(send(1, 0, true, 4)).isFalse();
        assertThat(ulp.log).doesNotContain("placed 4");
    }

    @Test
    void stopsWhenMemoryIsWithdrawnOrDeliveryRefuses() {
        ulp.placesPayload = false;
        assertThat(send(1, 0, true, 4)).isFalse();
        ByteBuffer[] lent = new ByteBuffer[4];
        assertThat(receiver.payloadTargets(lent, 0, 4, 4)).isEqualTo(SegmentReceiver.REFUSED);
        // Nothing was lent, so nothing is taken back.
        receiver.onPayloadArrived(0, null);
        ulp.placesPayload = true;
        ulp.goesOn = false;
        assertThat(arrive(tagged(1, 0, true, 4))).isFalse();
    }

    @Test
    void placesSteeredPayloadWhereItSaid() {
        ByteBuffer segment = tagged(1, 0, true, 100);
        assertThat(receiver.onSegmentBegin(segment, 0, 20, 114)).isEqualTo(14);
        receiver.onPayload(segment, 14, 6);
        ByteBuffer[] lent = new ByteBuffer[4];
        assertThat(receiver.payloadTargets(lent, 1, 4, 94)).isEqualTo(1);
        assertThat(lent[1].remaining()).isEqualTo(94);
        receiver.onPayloadArrived(94, null);
        assertThat(receiver.onSegmentEnd()).isTrue();
        assertThat(ulp.placed.size()).isEqualTo(100);
        assertThat(ulp.lentOut).isNull();
    }

    @Test
    @Requirement("DDP-7-01")
    void passesFramingErrorsOn() {
        for (MpaError error : MpaError.values()) {
            receiver.onFramingError(error);
        }
        assertThat(framingErrors).containsExactly(MpaError.values());
    }
}
