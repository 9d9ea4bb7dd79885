package io.verbena.testkit.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.verbena.capture.decode.CapturedPacket;
import io.verbena.capture.decode.DamagedCaptureException;
import io.verbena.capture.decode.PacketReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketReaderTest {
    private static final byte[] ONE = {1, 2, 3};
    private static final byte[] TWO = {4, 5, 6, 7, 8};

    private static ByteBuffer classic(ByteOrder order, int magic) {
        ByteBuffer file =
                ByteBuffer.allocate(24 + 16 + ONE.length + 16 + TWO.length).order(order);
        file.putInt(magic)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65535)
                .putInt(101);
        file.putInt(10).putInt(20).putInt(ONE.length).putInt(1500).put(ONE);
        file.putInt(11).putInt(21).putInt(TWO.length).putInt(TWO.length).put(TWO);
        return file.flip();
    }

    private static ByteBuffer blocks(ByteOrder order) {
        ByteBuffer file = ByteBuffer.allocate(200).order(order);
        file.putInt(0x0A0D0D0A)
                .putInt(28)
                .putInt(0x1A2B3C4D)
                .putInt(1)
                .putLong(-1)
                .putInt(28);
        file.putInt(1)
                .putInt(20)
                .putInt(order == ByteOrder.BIG_ENDIAN ? 1 << 16 : 1)
                .putInt(0)
                .putInt(20);
        file.putInt(0xBAD).putInt(16).putInt(0).putInt(16);
        file.putInt(6)
                .putInt(36)
                .putInt(0)
                .putInt(0)
                .putInt(77)
                .putInt(3)
                .putInt(3)
                .put(ONE)
                .put((byte) 0)
                .putInt(36);
        file.putInt(3).putInt(24).putInt(5).put(TWO).put(new byte[3]).putInt(24);
        return file.flip();
    }

    private static byte[] octets(CapturedPacket packet) {
        byte[] octets = new byte[packet.octets().limit()];
        packet.octets().get(0, octets);
        return octets;
    }

    @Test
    void readsClassicFilesOfBothOrdersAndBothClocks() throws IOException {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            List<CapturedPacket> packets = read(classic(order, 0xA1B2C3D4));
            assertThat(packets).extracting(CapturedPacket::linkType).containsExactly(101, 101);
            assertThat(packets).extracting(CapturedPacket::timeNs).containsExactly(10_000_020_000L, 11_000_021_000L);
            assertThat(packets).map(PacketReaderTest::octets).containsExactly(ONE, TWO);
            assertThat(read(classic(order, 0xA1B23C4D)))
                    .extracting(CapturedPacket::timeNs)
                    .containsExactly(10_000_000_020L, 11_000_000_021L);
        }
    }

    @Test
    void readsBlocksOfBothOrdersAndSkipsUnknownOnes() throws IOException {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            List<CapturedPacket> packets = read(blocks(order));
            assertThat(packets).map(PacketReaderTest::octets).containsExactly(ONE, TWO);
            assertThat(packets.get(0).linkType()).isEqualTo(1);
        }
    }

    @Test
    void aFileCutWithinAPacketGivesThePacketsBeforeItAndOneSentence() throws IOException {
        ByteBuffer file = classic(ByteOrder.LITTLE_ENDIAN, 0xA1B2C3D4);
        int first = 24 + 16 + ONE.length;
        for (int cut = first + 1; cut < file.capacity(); cut++) {
            assertCutBehindTheFirst(classic(ByteOrder.LITTLE_ENDIAN, 0xA1B2C3D4).limit(cut));
        }
        assertThat(read(classic(ByteOrder.LITTLE_ENDIAN, 0xA1B2C3D4).limit(first)))
                .map(PacketReaderTest::octets)
                .containsExactly(ONE);
        ByteBuffer blocks = blocks(ByteOrder.LITTLE_ENDIAN);
        for (int missing = 1; missing < 24; missing++) {
            assertCutBehindTheFirst(blocks(ByteOrder.LITTLE_ENDIAN).limit(blocks.limit() - missing));
        }
    }

    private static void assertCutBehindTheFirst(ByteBuffer cut) throws IOException {
        PacketReader reader = PacketReader.of(stream(cut));
        assertThat(octets(reader.next())).isEqualTo(ONE);
        assertThatExceptionOfType(DamagedCaptureException.class)
                .isThrownBy(reader::next)
                .withMessageStartingWith("the file ends within ")
                .withMessageContaining("at octet ");
    }

    @Test
    void timesOfBlocksAreOfTheUnitTheirInterfaceTells() throws IOException {
        for (int[] resolution : new int[][] {{6, 1_000}, {9, 1}, {3, 1_000_000}, {0x80 | 1, 500_000_000}}) {
            ByteBuffer file = ByteBuffer.allocate(200);
            file.putInt(0x0A0D0D0A)
                    .putInt(28)
                    .putInt(0x1A2B3C4D)
                    .putInt(1)
                    .putLong(-1)
                    .putInt(28);
            file.putInt(1).putInt(32).putInt(1 << 16).putInt(0);
            file.putShort((short) 9)
                    .putShort((short) 1)
                    .put((byte) resolution[0])
                    .put(new byte[3]);
            file.putInt(0).putInt(32);
            file.putInt(6).putInt(36).putInt(0).putInt(0).putInt(7).putInt(3).putInt(3);
            file.put(ONE).put((byte) 0).putInt(36);
            assertThat(read(file.flip())).extracting(CapturedPacket::timeNs).containsExactly(7L * resolution[1]);
        }
    }

    @Test
    void saysWhatIsDamagedAndWhere() throws IOException {
        ByteBuffer longBlock = blocks(ByteOrder.BIG_ENDIAN).putInt(28 + 4, 0x7FFFFFFC);
        assertDamaged(longBlock, "the block at octet 28 is said to have 2147483644 octets");
        assertDamaged(blocks(ByteOrder.BIG_ENDIAN).putInt(28 + 4, 8), "the block at octet 28 is said to have 8 octets");
        assertDamaged(blocks(ByteOrder.BIG_ENDIAN).putInt(28 + 16, 24), "one length before it and another behind it");
        assertDamaged(blocks(ByteOrder.BIG_ENDIAN).putInt(8, 1), "tells no byte order");
        assertDamaged(blocks(ByteOrder.BIG_ENDIAN).putInt(4, 12), "the block at octet 0 is said to have 12 octets");
        assertDamaged(blocks(ByteOrder.BIG_ENDIAN).putInt(28 + 20 + 16 + 8, 5), "interface 5, and there are 1");
        assertDamaged(classic(ByteOrder.BIG_ENDIAN, 0xA1B2C3D4).putInt(24 + 8, -1), "a packet at octet 40");
    }

    private static void assertDamaged(ByteBuffer file, String words) {
        assertThatExceptionOfType(DamagedCaptureException.class)
                .isThrownBy(() -> read(file))
                .withMessageStartingWith("the file is damaged: ")
                .withMessageContaining(words);
    }

    @Test
    void saysWhatIsNoCaptureFile() {
        assertThatExceptionOfType(DamagedCaptureException.class)
                .isThrownBy(() -> read(ByteBuffer.allocate(100)))
                .withMessageContaining("0x00000000");
        assertThatExceptionOfType(DamagedCaptureException.class)
                .isThrownBy(() -> read(ByteBuffer.allocate(3)))
                .withMessageContaining("has 3");
    }

    private static InputStream stream(ByteBuffer file) {
        return new ByteArrayInputStream(file.array(), 0, file.limit());
    }

    private static List<CapturedPacket> read(ByteBuffer file) throws IOException {
        List<CapturedPacket> packets = new ArrayList<>();
        PacketReader reader = PacketReader.of(stream(file));
        CapturedPacket packet = reader.next();
        while (packet != null) {
            packets.add(packet);
            packet = reader.next();
        }
        return packets;
    }
}
