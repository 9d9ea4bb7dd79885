package io.verbena.mpa;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.mpa.wire.FpduLayout;
import io.verbena.testkit.Requirement;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Inserting and stripping markers, by the worked streams and by generated ones. */
class MarkerTest {
    private static final HexVectors VECTORS = new HexVectors("/vectors/markers.hex");
    private static final HexFormat HEX = HexFormat.of();

    /** One direction of a connection with markers and CRC, collected octet by octet. */
    private static final class Sender {
        final MarkerInserter inserter;
        final ByteArrayOutputStream stream = new ByteArrayOutputStream();

        Sender(boolean crc, long position) {
            inserter = new MarkerInserter(crc, position);
        }

        byte[] send(byte[] ulpdu) {
            ByteBuffer body = body(ulpdu);
            int expected = inserter.octetsFor(ulpdu.length);
            ByteBuffer out = HexVectors.prefilled(expected + 10);
            int written = inserter.insert(body, 3, out, 5);
            assertThat(written).isEqualTo(expected);
            assertThat(out.get(4)).isEqualTo((byte) 0xA5);
            assertThat(out.get(5 + written)).isEqualTo((byte) 0xA5);
            byte[] fpdu = HexVectors.slice(out, 5, written);
            stream.writeBytes(fpdu);
            return fpdu;
        }
    }

    private static ByteBuffer body(byte[] ulpdu) {
        ByteBuffer body = HexVectors.prefilled(3 + FpduLayout.bodyOctets(ulpdu.length));
        FpduLayout.putUlpduLength(body, 3, ulpdu.length);
        body.put(3 + FpduLayout.ULPDU, ulpdu);
        FpduLayout.putPad(body, 3, ulpdu.length);
        return body;
    }

    private static byte[] send(int messageSequenceNumber, byte[] payload) {
        return ByteBuffer.allocate(18 + payload.length)
                .put(HEX.parseHex("414300000000" + "00000000"))
                .putInt(messageSequenceNumber)
                .putInt(0)
                .put(payload)
                .array();
    }

    private static byte[] write(long taggedOffset, byte[] payload) {
        return ByteBuffer.allocate(14 + payload.length)
                .put(HEX.parseHex("c14012345678"))
                .putLong(taggedOffset)
                .put(payload)
                .array();
    }

    private static String sha256(byte[] octets) throws Exception {
        return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    }

    private static String crcOf(byte[] fpdu) {
        return HEX.formatHex(fpdu, fpdu.length - 4, fpdu.length);
    }

    @Test
    @Requirement("MPA-4.4-14")
    void firstFpduBeginsWithAZeroMarkerLikeRfc5044Figure5() {
        assertThat(new Sender(true, 0).send(send(1, new byte[24]))).isEqualTo(VECTORS.octets("s1.fpdu1"));
    }

    @Test
    void markerWithinAnFpduPointsBackLikeRfc5044Figure6() {
        Sender sender = new Sender(true, 0);
        byte[] first = sender.send(send(1, new byte[464]));
        assertThat(first).hasSize(492);
        assertThat(crcOf(first)).isEqualTo("a01ee4fd");
        assertThat(sender.send(send(2, new byte[24]))).isEqualTo(VECTORS.octets("s2.fpdu2"));
    }

    @Test
    @Requirement({"MPA-4.4-14", "MPA-4.3-06"})
    void markerBetweenTwoFpdusBelongsToTheSecond() throws Exception {
        Sender sender = new Sender(true, 0);
        byte[] first = sender.send(send(1, HexVectors.pattern(484)));
        assertThat(first).hasSize(512);
        assertThat(crcOf(first)).isEqualTo("6d6864cf");
        assertThat(sha256(first)).isEqualTo("a3f295e2dda6c789f4ce65a6f089085393481675a0a605ec2c5d823f8296bdda");
        assertThat(sender.inserter.position()).isEqualTo(512);
        assertThat(sender.send(send(2, "hello iwarp!".getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo(VECTORS.octets("s3.fpdu2"));
    }

    @Test
    @Requirement("MPA-4.4-13")
    void markerBetweenPadAndCrcIsCovered() throws Exception {
        Sender sender = new Sender(true, 0);
        byte[] first = sender.send(send(1, HexVectors.pattern(448)));
        assertThat(crcOf(first)).isEqualTo("fa30bd58");
        assertThat(sha256(first)).isEqualTo("62792dbb23ddc7fdbf3d71ae9caada21a0951a07ef51c550a5b3ab915453a4be");
        assertThat(sender.send(send(2, HexVectors.pattern(15)))).isEqualTo(VECTORS.octets("s4.fpdu2"));
        assertThat(sender.send(send(3, new byte[0]))).isEqualTo(VECTORS.octets("s4.fpdu3"));
    }

    @Test
    void severalMarkersInOneFpduPointToTheSameOctet() throws Exception {
        Sender sender = new Sender(true, 0);
        byte[] first = sender.send(write(0x1000, HexVectors.pattern(1400)));
        assertThat(first).hasSize(1432);
        assertThat(HEX.formatHex(first, 0, 4)).isEqualTo("00000000");
        assertThat(HEX.formatHex(first, 512, 516)).isEqualTo("000001fc");
        assertThat(HEX.formatHex(first, 1024, 1028)).isEqualTo("000003fc");
        assertThat(crcOf(first)).isEqualTo("fdcc3d32");
        assertThat(sha256(first)).isEqualTo("2e3d10594ae71d6bca32acfaea9435fed68fb11d1292bc89b499a5c3782d294a");
        assertThat(sender.send(write(0x1578, HexVectors.pattern(100)))).isEqualTo(VECTORS.octets("s5.fpdu2"));
        assertThat(sender.stream.size()).isEqualTo(1556);
        assertThat(sha256(sender.stream.toByteArray()))
                .isEqualTo("7de1aeb16330934debaa18d3d0e3d848b086c8c6c18166e1768da084f489e622");
    }

    @Test
    void withoutCrcTheFieldIsZero() {
        byte[] fpdu = new Sender(false, 492).send(send(2, new byte[24]));
        byte[] expected = VECTORS.octets("s2.fpdu2");
        for (int i = expected.length - 4; i < expected.length; i++) {
            expected[i] = 0;
        }
        assertThat(fpdu).isEqualTo(expected);
    }

    /** The sender procedure of RFC 5044 in its plainest words: octet by octet. */
    private static byte[] reference(long start, byte[] ulpdu) {
        ByteBuffer body = body(ulpdu);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long n = start;
        if (n % 512 == 0) {
            out.writeBytes(new byte[4]);
            n += 4;
        }
        long h = n;
        for (int i = 3; i <= body.capacity(); i++) {
            if (n % 512 == 0 && n != h) {
                out.writeBytes(ByteBuffer.allocate(4).putInt((int) (n - h)).array());
                n += 4;
            }
            if (i < body.capacity()) {
                out.write(body.get(i));
                n++;
            }
        }
        byte[] covered = out.toByteArray();
        FpduCrc crc = new FpduCrc();
        crc.update(ByteBuffer.wrap(covered), 0, covered.length);
        ByteBuffer whole = ByteBuffer.allocate(covered.length + 4).put(covered);
        crc.store(whole, covered.length);
        return whole.array();
    }

    @Test
    void insertsLikeTheReferenceAtEveryPosition() {
        Random random = new Random(512);
        for (int position = 0; position < 1024; position += 4) {
            byte[] ulpdu = new byte[1 + random.nextInt(2500)];
            random.nextBytes(ulpdu);
            assertThat(new Sender(true, position).send(ulpdu)).isEqualTo(reference(position, ulpdu));
        }
    }

    @Test
    void largestFpduKeepsItsPointersIn16Bits() {
        byte[] ulpdu = HexVectors.pattern(64768);
        assertThat(new Sender(true, 4).send(ulpdu)).isEqualTo(reference(4, ulpdu));
    }

    @Test
    @Requirement({"MPA-4.3-04", "MPA-4.3-13"})
    void strippingUndoesInserting() {
        Random random = new Random(4);
        for (boolean crc : new boolean[] {true, false}) {
            for (long start : new long[] {0, 4, 508, 512, 1020, (1L << 32) - 8, (1L << 40) + 12}) {
                stripsWhatWasInserted(random, crc, start);
            }
        }
    }

    private static void stripsWhatWasInserted(Random random, boolean crc, long start) {
        Sender sender = new Sender(crc, start);
        byte[][] ulpdus = new byte[60][];
        for (int i = 0; i < ulpdus.length; i++) {
            ulpdus[i] = new byte[random.nextInt(i % 10 == 0 ? 65536 : 900)];
            random.nextBytes(ulpdus[i]);
            sender.send(ulpdus[i]);
        }
        ByteBuffer stream = ByteBuffer.wrap(sender.stream.toByteArray());
        MarkerStripper stripper = new MarkerStripper(crc, true, start);
        int offset = 0;
        for (byte[] ulpdu : ulpdus) {
            int raw = stripper.rawOctets(stream, offset, stream.capacity() - offset);
            assertThat(stripper.firstError(stream, offset)).isNull();
            int fpdu = stripper.strip(stream, offset);
            assertThat(fpdu).isEqualTo(FpduLayout.fpduOctets(ulpdu.length));
            assertThat(FpduLayout.ulpduLength(stream, offset)).isEqualTo(ulpdu.length);
            assertThat(HexVectors.slice(stream, offset + FpduLayout.ULPDU, ulpdu.length))
                    .isEqualTo(ulpdu);
            offset += raw;
            assertThat(stripper.position()).isEqualTo(start + offset);
        }
        assertThat(offset).isEqualTo(stream.capacity());
    }

    @Test
    void needsTheLengthFieldBehindALeadingMarker() {
        ByteBuffer fpdu = VECTORS.buffer("s1.fpdu1");
        for (int available = 0; available < 6; available++) {
            assertThat(new MarkerStripper(true, true).rawOctets(fpdu, 0, available))
                    .isEqualTo(MarkerStripper.NEED_MORE);
        }
        for (int available = 6; available <= fpdu.capacity(); available++) {
            assertThat(new MarkerStripper(true, true).rawOctets(fpdu, 0, available))
                    .isEqualTo(fpdu.capacity());
        }
        ByteBuffer second = VECTORS.buffer("s2.fpdu2");
        assertThat(new MarkerStripper(true, true, 492).rawOctets(second, 0, 1)).isEqualTo(MarkerStripper.NEED_MORE);
        assertThat(new MarkerStripper(true, true, 492).rawOctets(second, 0, 2)).isEqualTo(second.capacity());
    }

    @Test
    @Requirement("MPA-4.4-15")
    void seesEveryFlippedBitBehindTheLength() {
        ByteBuffer fpdu = VECTORS.buffer("s4.fpdu2");
        for (int bit = 16; bit < fpdu.capacity() * 8; bit++) {
            flip(fpdu, bit);
            assertThat(new MarkerStripper(true, true, 476).firstError(fpdu, 0))
                    .as("bit %d", bit)
                    .isEqualTo(MpaError.CRC_MISMATCH);
            flip(fpdu, bit);
        }
    }

    private static void flip(ByteBuffer buffer, int bit) {
        buffer.put(bit / 8, (byte) (buffer.get(bit / 8) ^ 0x80 >> bit % 8));
    }

    @Test
    @Requirement({"MPA-5.2-02", "MPA-8-06"})
    void refusesAPointerThatDisagreesWithTheLengthsOnlyIfAsked() {
        ByteBuffer fpdu = resealed("s2.fpdu2", 20, 0x00000018);
        assertThat(new MarkerStripper(true, true, 492).firstError(fpdu, 0)).isEqualTo(MpaError.MARKER_MISMATCH);
        assertThat(new MarkerStripper(true, false, 492).firstError(fpdu, 0)).isNull();
        ByteBuffer leading = resealed("s1.fpdu1", 0, 0x00000004);
        assertThat(new MarkerStripper(true, true).firstError(leading, 0)).isEqualTo(MpaError.MARKER_MISMATCH);
    }

    @Test
    @Requirement({"MPA-4.2-03", "MPA-4.2-05", "MPA-4.3-07"})
    void ignoresReservedHalfAndLowPointerBits() {
        ByteBuffer fpdu = resealed("s2.fpdu2", 20, 0xFFFF0017);
        assertThat(new MarkerStripper(true, true, 492).firstError(fpdu, 0)).isNull();
        ByteBuffer leading = resealed("s1.fpdu1", 0, 0xFFFF0003);
        assertThat(new MarkerStripper(true, true).firstError(leading, 0)).isNull();
    }

    @Test
    void ignoresTheCrcFieldWhenCrcIsOff() {
        ByteBuffer fpdu = VECTORS.buffer("s1.fpdu1");
        fpdu.putInt(fpdu.capacity() - 4, 0xDEADBEEF);
        assertThat(new MarkerStripper(false, true).firstError(fpdu, 0)).isNull();
        assertThat(new MarkerStripper(true, true).firstError(fpdu, 0)).isEqualTo(MpaError.CRC_MISMATCH);
    }

    private static ByteBuffer resealed(String name, int markerOffset, int marker) {
        ByteBuffer fpdu = VECTORS.buffer(name).putInt(markerOffset, marker);
        FpduCrc crc = new FpduCrc();
        crc.update(fpdu, 0, fpdu.capacity() - 4);
        crc.store(fpdu, fpdu.capacity() - 4);
        return fpdu;
    }
}
