package io.verbena.rdmap.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.TaggedHeader;
import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.mpa.FpduCrc;
import io.verbena.mpa.wire.FpduLayout;
import io.verbena.testkit.Requirement;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every worked FPDU, written and read. */
class FpduVectorsTest {
    private static final HexVectors VECTORS = new HexVectors("/vectors/fpdu.hex");

    private final UntaggedHeader untagged = new UntaggedHeader();
    private final TaggedHeader tagged = new TaggedHeader();

    static Stream<String> names() {
        return VECTORS.names().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyFpduIsWellFormed(String name) {
        ByteBuffer fpdu = VECTORS.buffer(name);
        int ulpdu = FpduLayout.ulpduLength(fpdu, 0);
        assertThat(FpduLayout.fpduOctets(ulpdu)).isEqualTo(fpdu.capacity());
        assertThat(new FpduCrc().verify(fpdu, 0)).isEqualTo(!name.endsWith("crc-off"));
        int control = fpdu.get(FpduLayout.ULPDU);
        RdmapOpcode opcode = RdmapControl.opcode(fpdu.get(FpduLayout.ULPDU + 1));
        assertThat(DdpControl.version(control)).isEqualTo(DdpControl.VERSION);
        assertThat(RdmapControl.version(fpdu.get(FpduLayout.ULPDU + 1))).isEqualTo(RdmapControl.VERSION);
        assertThat(DdpControl.isTagged(control)).isEqualTo(opcode.tagged());
        assertThat(ulpdu).isGreaterThanOrEqualTo(DdpControl.headerOctets(control) + opcode.headerOctets());
        if (!opcode.tagged()) {
            assertThat(untagged.wrap(fpdu, FpduLayout.ULPDU).queueNumber()).isEqualTo(opcode.queueNumber());
        }
        if (!opcode.splittable()) {
            assertThat(DdpControl.isLast(control)).isTrue();
        }
    }

    static Stream<Arguments> sends() {
        return Stream.of(
                Arguments.of("send.0.msn1", RdmapOpcode.SEND, true, 0, 1, 0, ""),
                Arguments.of("send.12.msn1", RdmapOpcode.SEND, true, 0, 1, 0, "68656c6c6f20697761727021"),
                Arguments.of("send-se.1.msn2", RdmapOpcode.SEND_SOLICITED, true, 0, 2, 0, "41"),
                Arguments.of("send-inv.4.msn3", RdmapOpcode.SEND_INVALIDATE, true, 0x1234, 3, 0, "44415441"),
                Arguments.of("send-se-inv.0.msn4", RdmapOpcode.SEND_SOLICITED_INVALIDATE, true, 0x1234, 4, 0, ""),
                Arguments.of("send.segment1of2.msn5", RdmapOpcode.SEND, false, 0, 5, 0, "4142434445464748"),
                Arguments.of("send.segment2of2.msn5", RdmapOpcode.SEND, true, 0, 5, 8, "494a4b"),
                Arguments.of("immediate.msn6", RdmapOpcode.IMMEDIATE, true, 0, 6, 0, "0102030405060708"),
                Arguments.of("immediate-se.msn7", RdmapOpcode.IMMEDIATE_SOLICITED, true, 0, 7, 0, "1122334455667788"));
    }

    @ParameterizedTest
    @MethodSource("sends")
    void untaggedMessagesRoundTrip(
            String name, RdmapOpcode opcode, boolean last, int word, int number, int messageOffset, String payload) {
        ByteBuffer expected = VECTORS.buffer(name);
        byte[] octets = HexFormat.of().parseHex(payload);
        ByteBuffer fpdu = HexVectors.prefilled(expected.capacity() + 2);
        int payloadAt = untaggedHeader(fpdu, 1, opcode, last, word, number, messageOffset);
        fpdu.put(payloadAt, octets);
        assertSealed(fpdu, UntaggedHeader.OCTETS + octets.length, name);

        untagged.wrap(expected, FpduLayout.ULPDU);
        assertThat(DdpControl.isLast(untagged.control())).isEqualTo(last);
        assertThat(RdmapControl.opcode(untagged.ulpControl())).isEqualTo(opcode);
        assertThat(untagged.ulpWord()).isEqualTo(word);
        assertThat(untagged.messageSequenceNumber()).isEqualTo(number);
        assertThat(untagged.messageOffset()).isEqualTo(messageOffset);
    }

    @ParameterizedTest
    @CsvSource({
        "write.0.rtr, RDMA_WRITE, 1, 0, ''",
        "write.5, RDMA_WRITE, 12345678, 1000, 776f726c64",
        "write.3.pad1, RDMA_WRITE, 12345678, ffffffffffffffed, 78797a",
        "read-response.16, READ_RESPONSE, aa00, 7f0000001000, 000102030405060708090a0b0c0d0e0f",
        "read-response.0, READ_RESPONSE, 0, 0, ''"
    })
    void taggedMessagesRoundTrip(String name, RdmapOpcode opcode, String stag, String taggedOffset, String payload) {
        ByteBuffer expected = VECTORS.buffer(name);
        byte[] octets = HexFormat.of().parseHex(payload);
        ByteBuffer fpdu = HexVectors.prefilled(expected.capacity() + 2);
        tagged.wrap(fpdu, 1 + FpduLayout.ULPDU)
                .control(DdpControl.encode(true, true))
                .ulpControl(RdmapControl.encode(opcode))
                .stag(Integer.parseUnsignedInt(stag, 16))
                .taggedOffset(Long.parseUnsignedLong(taggedOffset, 16));
        fpdu.put(1 + FpduLayout.ULPDU + TaggedHeader.OCTETS, octets);
        assertSealed(fpdu, TaggedHeader.OCTETS + octets.length, name);

        tagged.wrap(expected, FpduLayout.ULPDU);
        assertThat(RdmapControl.opcode(tagged.ulpControl())).isEqualTo(opcode);
        assertThat(tagged.stag()).isEqualTo(Integer.parseUnsignedInt(stag, 16));
        assertThat(tagged.taggedOffset()).isEqualTo(Long.parseUnsignedLong(taggedOffset, 16));
    }

    @ParameterizedTest
    @CsvSource({"read-request.msn1, 1, aa00, 7f0000001000, 16, bb00, 2000", "read-request.0.msn2, 2, 0, 0, 0, 0, 0"})
    void readRequestsRoundTrip(
            String name, int number, String sinkStag, String sinkOffset, long size, String stag, String offset) {
        ByteBuffer expected = VECTORS.buffer(name);
        ByteBuffer fpdu = HexVectors.prefilled(expected.capacity() + 2);
        int headerAt = untaggedHeader(fpdu, 1, RdmapOpcode.READ_REQUEST, true, 0, number, 0);
        new ReadRequestHeader()
                .wrap(fpdu, headerAt)
                .sinkStag(Integer.parseUnsignedInt(sinkStag, 16))
                .sinkTaggedOffset(Long.parseUnsignedLong(sinkOffset, 16))
                .readSize(size)
                .sourceStag(Integer.parseUnsignedInt(stag, 16))
                .sourceTaggedOffset(Long.parseUnsignedLong(offset, 16));
        assertSealed(fpdu, 46, name);

        ReadRequestHeader header = new ReadRequestHeader().wrap(expected, FpduLayout.ULPDU + UntaggedHeader.OCTETS);
        assertThat(header.sinkStag()).isEqualTo(Integer.parseUnsignedInt(sinkStag, 16));
        assertThat(header.sinkTaggedOffset()).isEqualTo(Long.parseUnsignedLong(sinkOffset, 16));
        assertThat(header.readSize()).isEqualTo(size);
        assertThat(header.sourceStag()).isEqualTo(Integer.parseUnsignedInt(stag, 16));
        assertThat(header.sourceTaggedOffset()).isEqualTo(Long.parseUnsignedLong(offset, 16));
    }

    @Test
    @Requirement("RDMAP-4.4-06")
    void readSizeIsUnsigned() {
        ByteBuffer buffer = HexVectors.prefilled(ReadRequestHeader.OCTETS);
        assertThat(new ReadRequestHeader().wrap(buffer, 0).readSize(0xFFFFFFFFL).readSize())
                .isEqualTo(0xFFFFFFFFL);
    }

    static Stream<Arguments> terminates() {
        return Stream.of(
                Arguments.of("terminate.crc", TerminateReason.MPA_CRC_MISMATCH, ReturnedHeaders.NONE, null),
                Arguments.of(
                        "terminate.untagged-no-buffer",
                        TerminateReason.DDP_UNTAGGED_NO_BUFFER,
                        ReturnedHeaders.DDP,
                        "send.12.msn1"),
                Arguments.of(
                        "terminate.tagged-base-or-bounds",
                        TerminateReason.DDP_TAGGED_BASE_OR_BOUNDS,
                        ReturnedHeaders.DDP,
                        "write.5"),
                Arguments.of(
                        "terminate.read-access",
                        TerminateReason.RDMAP_PROTECTION_ACCESS_RIGHTS,
                        ReturnedHeaders.DDP_AND_RDMAP,
                        "read-request.msn1"));
    }

    @ParameterizedTest
    @MethodSource("terminates")
    @Requirement({"RDMAP-4.8-09", "RDMAP-4.8-12"})
    void terminatesRoundTrip(String name, TerminateReason reason, ReturnedHeaders returned, String offending) {
        ByteBuffer expected = VECTORS.buffer(name);
        ByteBuffer fpdu = HexVectors.prefilled(expected.capacity() + 2);
        int messageAt = untaggedHeader(fpdu, 1, RdmapOpcode.TERMINATE, true, 0, 1, 0);
        int octets;
        if (offending == null) {
            octets = TerminateMessage.encode(fpdu, messageAt, reason);
        } else {
            ByteBuffer segment = VECTORS.buffer(offending);
            octets = TerminateMessage.encode(
                    fpdu, messageAt, reason, returned, segment, 2, FpduLayout.ulpduLength(segment, 0));
        }
        assertSealed(fpdu, UntaggedHeader.OCTETS + octets, name);

        int ulpdu = FpduLayout.ulpduLength(expected, 0);
        TerminateMessage message = new TerminateMessage().wrap(expected, 20, ulpdu - UntaggedHeader.OCTETS);
        assertThat(message.reason()).isEqualTo(reason);
        assertThat(message.siwOrder()).isFalse();
        assertThat(message.hasDdpHeader()).isEqualTo(returned != ReturnedHeaders.NONE);
        assertThat(message.hasSegmentLength()).isEqualTo(returned != ReturnedHeaders.NONE);
        assertThat(message.hasRdmapHeader()).isEqualTo(returned == ReturnedHeaders.DDP_AND_RDMAP);
        if (offending != null) {
            ByteBuffer segment = VECTORS.buffer(offending);
            assertThat(message.segmentLength()).isEqualTo(FpduLayout.ulpduLength(segment, 0));
            int headers = DdpControl.headerOctets(segment.get(2)) + (message.hasRdmapHeader() ? 28 : 0);
            assertThat(HexVectors.hex(expected, message.ddpHeaderOffset(), headers))
                    .isEqualTo(HexVectors.hex(segment, 2, headers));
            if (message.hasRdmapHeader()) {
                assertThat(message.rdmapHeaderOffset()).isEqualTo(message.ddpHeaderOffset() + UntaggedHeader.OCTETS);
            }
        }
    }

    @Test
    @Requirement("RDMAP-4.8-15")
    void catastrophicTerminateIsReadWhateverItsCode() {
        TerminateMessage message = new TerminateMessage()
                .wrap(VECTORS.buffer("terminate.catastrophic"), 20, TerminateMessage.CONTROL_OCTETS);
        assertThat(message.reason()).isEqualTo(TerminateReason.RDMAP_LOCAL_CATASTROPHIC);
        assertThat(message.errorCode()).isEqualTo(0xFF);
    }

    @ParameterizedTest
    @CsvSource({
        "atomic.fetch-add.msn3, 3, FETCH_ADD, 55, cc00, 3000, 5, 0, 0, ffffffffffffffff",
        "atomic.compare-swap.msn4, 4, COMPARE_SWAP, 56, cc00, 3008, 1111, ffffffffffffffff, 2222, ffffffffffffffff"
    })
    void atomicRequestsRoundTrip(
            String name,
            int number,
            AtomicOperation operation,
            String identifier,
            String stag,
            String offset,
            String data,
            String mask,
            String compare,
            String compareMask) {
        ByteBuffer expected = VECTORS.buffer(name);
        ByteBuffer fpdu = HexVectors.prefilled(expected.capacity() + 2);
        int headerAt = untaggedHeader(fpdu, 1, RdmapOpcode.ATOMIC_REQUEST, true, 0, number, 0);
        new AtomicRequestHeader()
                .wrap(fpdu, headerAt)
                .operation(operation)
                .requestIdentifier(Integer.parseInt(identifier, 16))
                .remoteStag(Integer.parseInt(stag, 16))
                .remoteTaggedOffset(Long.parseLong(offset, 16))
                .addOrSwapData(Long.parseLong(data, 16))
                .addOrSwapMask(Long.parseUnsignedLong(mask, 16))
                .compareData(Long.parseLong(compare, 16))
                .compareMask(Long.parseUnsignedLong(compareMask, 16));
        assertSealed(fpdu, 70, name);

        expected.putInt(20, expected.getInt(20) | 0xFFFFFFF0);
        AtomicRequestHeader header = new AtomicRequestHeader().wrap(expected, 20);
        assertThat(header.operation()).as("reserved bits are ignored").isEqualTo(operation);
        assertThat(header.requestIdentifier()).isEqualTo(Integer.parseInt(identifier, 16));
        assertThat(header.remoteStag()).isEqualTo(Integer.parseInt(stag, 16));
        assertThat(header.remoteTaggedOffset()).isEqualTo(Long.parseLong(offset, 16));
        assertThat(header.addOrSwapData()).isEqualTo(Long.parseLong(data, 16));
        assertThat(header.addOrSwapMask()).isEqualTo(Long.parseUnsignedLong(mask, 16));
        assertThat(header.compareData()).isEqualTo(Long.parseLong(compare, 16));
        assertThat(header.compareMask()).isEqualTo(AtomicRequestHeader.UNUSED_COMPARE_MASK);
    }

    @Test
    void atomicResponseRoundTrips() {
        ByteBuffer expected = VECTORS.buffer("atomic.response.msn1");
        AtomicResponseHeader header = new AtomicResponseHeader().wrap(expected, 20);
        assertThat(header.originalRequestIdentifier()).isEqualTo(0x55);
        assertThat(header.originalRemoteData()).isEqualTo(41);
        ByteBuffer fpdu = HexVectors.prefilled(expected.capacity() + 2);
        int headerAt = untaggedHeader(fpdu, 1, RdmapOpcode.ATOMIC_RESPONSE, true, 0, 1, 0);
        new AtomicResponseHeader()
                .wrap(fpdu, headerAt)
                .originalRequestIdentifier(0x55)
                .originalRemoteData(41);
        assertSealed(fpdu, 30, "atomic.response.msn1");
    }

    @Test
    void immediateDataIsEightOctets() {
        assertThat(ImmediateData.read(VECTORS.buffer("immediate.msn6"), 20)).isEqualTo(0x0102030405060708L);
        ByteBuffer buffer = HexVectors.prefilled(10);
        ImmediateData.write(buffer, 1, 0x1122334455667788L);
        assertThat(HexVectors.hex(buffer, 0, 10)).isEqualTo("a51122334455667788a5");
        assertThat(ImmediateData.isLength(7)).isFalse();
        assertThat(ImmediateData.isLength(8)).isTrue();
        assertThat(ImmediateData.isLength(9)).isFalse();
    }

    @Test
    void everyTruncationIsSeen() {
        assertThat(ReadRequestHeader.fits(27)).isFalse();
        assertThat(ReadRequestHeader.fits(28)).isTrue();
        assertThat(AtomicRequestHeader.fits(51)).isFalse();
        assertThat(AtomicRequestHeader.fits(52)).isTrue();
        assertThat(AtomicResponseHeader.fits(11)).isFalse();
        assertThat(AtomicResponseHeader.fits(12)).isTrue();
        assertThat(TerminateMessage.fits(3)).isFalse();
        assertThat(TerminateMessage.fits(4)).isTrue();
    }

    private int untaggedHeader(
            ByteBuffer fpdu, int at, RdmapOpcode opcode, boolean last, int word, int number, int messageOffset) {
        untagged.wrap(fpdu, at + FpduLayout.ULPDU)
                .control(DdpControl.encode(false, last))
                .ulpControl(RdmapControl.encode(opcode))
                .ulpWord(word)
                .queueNumber(opcode.queueNumber())
                .messageSequenceNumber(number)
                .messageOffset(messageOffset);
        return at + FpduLayout.ULPDU + UntaggedHeader.OCTETS;
    }

    private static void assertSealed(ByteBuffer fpdu, int ulpduOctets, String name) {
        FpduLayout.putUlpduLength(fpdu, 1, ulpduOctets);
        FpduLayout.putPad(fpdu, 1, ulpduOctets);
        new FpduCrc().seal(fpdu, 1);
        ByteBuffer expected = VECTORS.buffer(name);
        assertThat(HexVectors.hex(fpdu, 0, fpdu.capacity()))
                .isEqualTo("a5" + HexVectors.hex(expected, 0, expected.capacity()) + "a5");
    }
}
