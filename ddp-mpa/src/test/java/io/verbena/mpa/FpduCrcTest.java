package io.verbena.mpa;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.Requirement;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FpduCrcTest {
    private static final HexVectors MARKERS = new HexVectors("/vectors/markers.hex");

    private final FpduCrc crc = new FpduCrc();

    static Stream<Arguments> knownValues() {
        byte[] up = new byte[32];
        byte[] down = new byte[32];
        byte[] ones = new byte[32];
        for (int i = 0; i < 32; i++) {
            up[i] = (byte) i;
            down[i] = (byte) (31 - i);
            ones[i] = (byte) 0xFF;
        }
        return Stream.of(
                Arguments.of(new byte[0], 0x00000000, "00000000"),
                Arguments.of("a".getBytes(StandardCharsets.US_ASCII), 0xC1D04330, "3043d0c1"),
                Arguments.of("123456789".getBytes(StandardCharsets.US_ASCII), 0xE3069283, "839206e3"),
                Arguments.of(new byte[32], 0x8A9136AA, "aa36918a"),
                Arguments.of(ones, 0x62A8AB43, "43aba862"),
                Arguments.of(up, 0x46DD794E, "4e79dd46"),
                Arguments.of(down, 0x113FDB5C, "5cdb3f11"),
                Arguments.of(withoutCrc("s1.fpdu1"), 0x83992352, "52239983"),
                Arguments.of(withoutCrc("s2.fpdu2"), 0x98589284, "84925898"));
    }

    private static byte[] withoutCrc(String name) {
        ByteBuffer fpdu = MARKERS.buffer(name);
        return HexVectors.slice(fpdu, 0, fpdu.capacity() - 4);
    }

    @ParameterizedTest
    @MethodSource("knownValues")
    @Requirement({"MPA-4.4-01", "MPA-4.4-11"})
    void agreesWithKnownValuesInEveryKindOfBuffer(byte[] octets, int value, String wire) {
        ByteBuffer direct = ByteBuffer.allocateDirect(octets.length + 7);
        direct.put(3, octets);
        ByteBuffer heap = HexVectors.prefilled(octets.length + 7);
        heap.put(3, octets);
        for (ByteBuffer buffer :
                new ByteBuffer[] {direct, heap, heap.asReadOnlyBuffer(), heap.slice(1, 6 + octets.length)}) {
            int offset = buffer.capacity() == octets.length + 7 ? 3 : 2;
            crc.reset();
            crc.update(buffer, offset, octets.length);
            assertThat(crc.value()).isEqualTo(value);
            ByteBuffer field = HexVectors.prefilled(6);
            crc.store(field, 1);
            assertThat(HexFormat.of().formatHex(field.array())).isEqualTo("a5" + wire + "a5");
            assertThat(crc.matches(field, 1)).isTrue();
        }
    }

    @Test
    void leavesPositionLimitAndOrderOfTheBufferAlone() {
        ByteBuffer direct = ByteBuffer.allocateDirect(100).order(ByteOrder.LITTLE_ENDIAN);
        direct.position(5).limit(9);
        crc.update(direct, 20, 60);
        assertThat(direct.position()).isEqualTo(5);
        assertThat(direct.limit()).isEqualTo(9);
        assertThat(direct.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void piecesGiveTheSameAsTheWhole() {
        Random random = new Random(5044);
        for (int round = 0; round < 200; round++) {
            byte[] octets = new byte[1 + random.nextInt(3000)];
            random.nextBytes(octets);
            ByteBuffer buffer = ByteBuffer.wrap(octets);
            crc.reset();
            crc.update(buffer, 0, octets.length);
            int whole = crc.value();
            crc.reset();
            for (int at = 0; at < octets.length; ) {
                int step = Math.min(octets.length - at, random.nextInt(700));
                crc.update(buffer, at, step);
                at += step;
            }
            assertThat(crc.value()).isEqualTo(whole);
        }
    }

    @Test
    void octetsFollowedByTheirCrcGiveTheResidue() {
        ByteBuffer buffer = ByteBuffer.allocate(44);
        buffer.put(0, HexVectors.pattern(40));
        crc.update(buffer, 0, 40);
        crc.store(buffer, 40);
        crc.update(buffer, 40, 4);
        assertThat(crc.value()).isEqualTo(0x48674BC7);
    }

    @Test
    void sealsAndVerifiesAnFpduAndSeesEveryFlippedBit() {
        ByteBuffer fpdu = HexVectors.prefilled(3 + 28);
        fpdu.put(3, HexFormat.of().parseHex("0013c140123456780000000000001000776f726c64000000"));
        crc.seal(fpdu, 3);
        assertThat(fpdu.getInt(3 + 24)).isEqualTo(0xA801C1B5);
        assertThat(crc.verify(fpdu, 3)).isTrue();
        // The two octets of the length decide how far the CRC reaches, so they are tried by the deframer instead.
        for (int bit = 16; bit < 28 * 8; bit++) {
            int at = 3 + bit / 8;
            fpdu.put(at, (byte) (fpdu.get(at) ^ 1 << bit % 8));
            assertThat(crc.verify(fpdu, 3)).as("bit %d", bit).isFalse();
            fpdu.put(at, (byte) (fpdu.get(at) ^ 1 << bit % 8));
        }
    }
}
