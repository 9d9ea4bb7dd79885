package io.verbena.mpa.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.mpa.HexVectors;
import io.verbena.testkit.Requirement;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** FPDU and marker arithmetic. */
class LayoutTest {
    @ParameterizedTest
    @CsvSource({
        "0, 2, 8",
        "1, 1, 8",
        "2, 0, 8",
        "3, 3, 12",
        "14, 0, 20",
        "18, 0, 24",
        "46, 0, 52",
        "22, 0, 28",
        "38, 0, 44",
        "42, 0, 48",
        "70, 0, 76",
        "26, 0, 32",
        "30, 0, 36",
        "17, 1, 24",
        "19, 3, 28",
        "33, 1, 40",
        "65535, 3, 65544"
    })
    void padsToAMultipleOfFour(int ulpdu, int pad, int fpdu) {
        assertThat(FpduLayout.padOctets(ulpdu)).isEqualTo(pad);
        assertThat(FpduLayout.fpduOctets(ulpdu)).isEqualTo(fpdu);
        assertThat(FpduLayout.crcOffset(ulpdu)).isEqualTo(fpdu - 4);
        assertThat(FpduLayout.bodyOctets(ulpdu)).isEqualTo(fpdu - 4);
    }

    @Test
    void everyFpduIsAMultipleOfFour() {
        for (int ulpdu = 0; ulpdu <= FpduLayout.MAX_ULPDU_OCTETS; ulpdu++) {
            int octets = FpduLayout.fpduOctets(ulpdu);
            assertThat(octets % 4).isZero();
            assertThat(octets - ulpdu).isBetween(6, 9);
        }
    }

    @Test
    void writesLengthAndPadAndNothingElse() {
        ByteBuffer buffer = HexVectors.prefilled(12);
        FpduLayout.putUlpduLength(buffer, 1, 3);
        FpduLayout.putPad(buffer, 1, 3);
        assertThat(HexFormat.of().formatHex(buffer.array())).isEqualTo("a50003a5a5a5000000a5a5a5");
        FpduLayout.putUlpduLength(buffer, 1, 65535);
        assertThat(FpduLayout.ulpduLength(buffer, 1)).isEqualTo(65535);
    }

    @Test
    void lengthNeedsTwoOctets() {
        assertThat(FpduLayout.fits(0)).isFalse();
        assertThat(FpduLayout.fits(1)).isFalse();
        assertThat(FpduLayout.fits(2)).isTrue();
    }

    @Test
    void countsMarkersLikeOneWhoWalksOctetByOctet() {
        for (int position = 0; position < 1100; position += 4) {
            for (int fpdu = 8; fpdu < 2200; fpdu += 12) {
                int markers = 0;
                int at = position;
                for (int octet = 0; octet < fpdu; octet++) {
                    if (at % 512 == 0) {
                        markers++;
                        at += 4;
                    }
                    at++;
                }
                assertThat(MarkerLayout.markersInFpdu(position, fpdu)).isEqualTo(markers);
                assertThat(MarkerLayout.markedOctets(position, fpdu)).isEqualTo(at - position);
            }
        }
    }

    @Test
    void nowhereIsAnFpduLongerThanTheLargest() {
        for (int position = 0; position < 512; position += 4) {
            assertThat(MarkerLayout.markedOctets(position, FpduLayout.MAX_FPDU_OCTETS))
                    .isLessThanOrEqualTo(MarkerLayout.MAX_FPDU_OCTETS);
        }
        assertThat(MarkerLayout.MAX_FPDU_OCTETS).isEqualTo(65544 + 130 * 4);
    }

    @Test
    @Requirement("MPA-4.3-04")
    void positionsGoOnBeyondFourGigabytes() {
        long far = (1L << 32) + 512 - 4;
        assertThat(MarkerLayout.octetsToMarker(far)).isEqualTo(4);
        assertThat(MarkerLayout.isMarkerPosition(far + 4)).isTrue();
        assertThat(MarkerLayout.markersInFpdu(far, 24)).isEqualTo(1);
        assertThat(MarkerLayout.octetsToMarker((1L << 40) + 1)).isEqualTo(511);
    }

    @Test
    @Requirement({"MPA-4.2-05", "MPA-4.3-07"})
    void pointerIsSentWithZerosAndReadWithoutItsLowBits() {
        ByteBuffer buffer = HexVectors.prefilled(6);
        MarkerLayout.put(buffer, 1, 0x1FC);
        assertThat(HexFormat.of().formatHex(buffer.array())).isEqualTo("a5000001fca5");
        buffer.putInt(1, 0xFFFF01FF);
        assertThat(MarkerLayout.fpduPointer(buffer, 1)).isEqualTo(0x1FC);
        buffer.putInt(1, 0x0000FFFC);
        assertThat(MarkerLayout.fpduPointer(buffer, 1)).isEqualTo(0xFFFC);
    }
}
