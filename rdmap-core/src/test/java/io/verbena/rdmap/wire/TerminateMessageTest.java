package io.verbena.rdmap.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TerminateMessageTest {
    private static final HexVectors VECTORS = new HexVectors("/vectors/fpdu.hex");

    private static TerminateMessage received(String hex) {
        byte[] octets = HexFormat.of().parseHex(hex);
        return new TerminateMessage().wrap(ByteBuffer.wrap(octets), 0, octets.length);
    }

    @ParameterizedTest
    @CsvSource({
        // what siw on a little-endian machine sends, and what it means
        "21030300, DDP_UNTAGGED_SEQUENCE_RANGE",
        "02020000, MPA_CRC_MISMATCH",
        "11000300, DDP_TAGGED_INVALID_STAG",
        "11010300, DDP_TAGGED_BASE_OR_BOUNDS",
        "10000700, RDMAP_PROTECTION_INVALID_STAG",
        "10010700, RDMAP_PROTECTION_BASE_OR_BOUNDS",
        "21020300, DDP_UNTAGGED_NO_BUFFER",
        "20070300, RDMAP_OPERATION_CATASTROPHIC_STREAM"
    })
    void readsTheOrderOfSiw(String hex, TerminateReason reason) {
        TerminateMessage message = received(hex);
        assertThat(message.siwOrder()).isTrue();
        assertThat(message.reason()).isEqualTo(reason);
        assertThat(message.layer()).isEqualTo(reason.layer());
        assertThat(message.errorType()).isEqualTo(reason.errorType());
    }

    @ParameterizedTest
    @CsvSource({
        "20060000, MPA_INSUFFICIENT_IRD, RDMAP_OPERATION_UNEXPECTED_OPCODE",
        "02050000, RDMAP_OPERATION_INVALID_VERSION, MPA_LOCAL_CATASTROPHIC"
    })
    void saysSoWhenBothOrdersMakeSense(String hex, TerminateReason reason, TerminateReason alternative) {
        TerminateMessage message = received(hex);
        assertThat(message.siwOrder()).isFalse();
        assertThat(message.reason()).isEqualTo(reason);
        assertThat(message.alternativeReason()).isEqualTo(alternative);
    }

    @ParameterizedTest
    @CsvSource({"11010000", "00ff0000", "2002c000", "12020000"})
    void hasNoAlternativeWhenThereIsNone(String hex) {
        assertThat(received(hex).alternativeReason()).isNull();
        assertThat(received(hex).siwOrder()).isFalse();
    }

    @Test
    void unregisteredTripleHasNoReason() {
        TerminateMessage message = received("37420000");
        assertThat(message.reason()).isNull();
        assertThat(message.alternativeReason()).isNull();
        assertThat(message.layer()).isEqualTo(3);
        assertThat(message.errorType()).isEqualTo(7);
        assertThat(message.errorCode()).isEqualTo(0x42);
    }

    @Test
    void reservedBitsChangeNothing() {
        TerminateMessage message = received("1205d8ff" + "0012" + "4143" + "00".repeat(16));
        assertThat(message.siwOrder()).isFalse();
        assertThat(message.reason()).isEqualTo(TerminateReason.DDP_UNTAGGED_MESSAGE_TOO_LONG);
        assertThat(message.hasDdpHeader()).isTrue();
        assertThat(message.hasRdmapHeader()).isFalse();
    }

    @Test
    void everyTruncationMakesPartsAbsent() {
        ByteBuffer fpdu = VECTORS.buffer("terminate.read-access");
        for (int octets = TerminateMessage.CONTROL_OCTETS; octets <= 52; octets++) {
            TerminateMessage message = new TerminateMessage().wrap(fpdu, 20, octets);
            assertThat(message.reason()).isEqualTo(TerminateReason.RDMAP_PROTECTION_ACCESS_RIGHTS);
            assertThat(message.hasSegmentLength()).isEqualTo(octets >= 6);
            assertThat(message.hasDdpHeader()).isEqualTo(octets >= 24);
            assertThat(message.hasRdmapHeader()).isEqualTo(octets >= 52);
        }
    }

    @Test
    void aTruncatedMessageIsNotReadBeyondItsEnd() {
        ByteBuffer exact = ByteBuffer.wrap(HexFormat.of().parseHex("1202e0000000"));
        for (int octets = 4; octets <= 6; octets++) {
            TerminateMessage message = new TerminateMessage().wrap(exact.slice(0, octets), 0, octets);
            assertThat(message.hasDdpHeader()).isFalse();
            assertThat(message.hasRdmapHeader()).isFalse();
        }
    }

    @Test
    void setsRWithoutAHeaderBehindItLikeSiw() {
        TerminateMessage message = received("2102" + "0700" + "000c" + "4143" + "00".repeat(16));
        assertThat(message.hasDdpHeader()).isTrue();
        assertThat(message.hasRdmapHeader()).isFalse();
    }

    @Test
    void bringsBackNoMoreThanTheSegmentHas() {
        ByteBuffer segment = VECTORS.buffer("read-request.msn1");
        for (int octets = 0; octets <= 46; octets++) {
            ByteBuffer out = HexVectors.prefilled(TerminateMessage.MAX_OCTETS);
            int written = TerminateMessage.encode(
                    out,
                    0,
                    TerminateReason.RDMAP_PROTECTION_INVALID_STAG,
                    ReturnedHeaders.DDP_AND_RDMAP,
                    segment,
                    2,
                    octets);
            assertThat(written).isEqualTo(octets < 18 ? 4 : octets < 46 ? 24 : 52);
            TerminateMessage message = new TerminateMessage().wrap(out, 0, written);
            assertThat(message.siwOrder()).isFalse();
            assertThat(message.hasDdpHeader()).isEqualTo(octets >= 18);
            assertThat(message.hasRdmapHeader()).isEqualTo(octets >= 46);
        }
    }

    @Test
    void anyOctetsAreReadWithoutHarm() {
        Random random = new Random(5040);
        for (int round = 0; round < 20_000; round++) {
            byte[] octets = new byte[4 + random.nextInt(60)];
            random.nextBytes(octets);
            TerminateMessage message = new TerminateMessage().wrap(ByteBuffer.wrap(octets), 0, octets.length);
            assertThat(message.errorCode()).isEqualTo(octets[1] & 0xFF);
            assertThat(message.layer()).isBetween(0, 15);
            message.alternativeReason();
            if (message.hasRdmapHeader()) {
                assertThat(message.rdmapHeaderOffset() + 28).isLessThanOrEqualTo(octets.length);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonRoundTrips(TerminateReason reason) {
        ByteBuffer out = HexVectors.prefilled(6);
        assertThat(TerminateMessage.encode(out, 1, reason)).isEqualTo(4);
        assertThat(out.get(0)).isEqualTo((byte) 0xA5);
        assertThat(out.get(5)).isEqualTo((byte) 0xA5);
        TerminateMessage message = new TerminateMessage().wrap(out, 1, 4);
        assertThat(message.reason()).isEqualTo(reason);
    }
}
