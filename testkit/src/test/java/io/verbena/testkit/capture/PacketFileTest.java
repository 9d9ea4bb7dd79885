package io.verbena.testkit.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketFileTest {
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
            List<CapturedPacket> packets = PacketFile.parse(classic(order, 0xA1B2C3D4));
            assertThat(packets).extracting(CapturedPacket::linkType).containsExactly(101, 101);
            assertThat(packets).extracting(CapturedPacket::timeNs).containsExactly(10_000_020_000L, 11_000_021_000L);
            assertThat(packets).map(PacketFileTest::octets).containsExactly(ONE, TWO);
            assertThat(PacketFile.parse(classic(order, 0xA1B23C4D)))
                    .extracting(CapturedPacket::timeNs)
                    .containsExactly(10_000_000_020L, 11_000_000_021L);
        }
    }

    @Test
    void readsBlocksOfBothOrdersAndSkipsUnknownOnes() throws IOException {
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            List<CapturedPacket> packets = PacketFile.parse(blocks(order));
            assertThat(packets).map(PacketFileTest::octets).containsExactly(ONE, TWO);
            assertThat(packets.get(0).linkType()).isEqualTo(1);
        }
    }

    @Test
    void aFileCutWithinAPacketGivesThePacketsBeforeIt() throws IOException {
        ByteBuffer file = classic(ByteOrder.LITTLE_ENDIAN, 0xA1B2C3D4);
        for (int cut = 24 + 16 + ONE.length; cut < file.capacity(); cut++) {
            assertThat(PacketFile.parse(
                            classic(ByteOrder.LITTLE_ENDIAN, 0xA1B2C3D4).limit(cut)))
                    .map(PacketFileTest::octets)
                    .containsExactly(ONE);
        }
        ByteBuffer blocks = blocks(ByteOrder.LITTLE_ENDIAN);
        assertThat(PacketFile.parse(blocks.limit(blocks.limit() - 1)))
                .map(PacketFileTest::octets)
                .containsExactly(ONE);
    }

    @Test
    void saysWhatIsNoCaptureFile() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> PacketFile.parse(ByteBuffer.allocate(100)))
                .withMessageContaining("0x00000000");
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> PacketFile.parse(ByteBuffer.allocate(3)))
                .withMessageContaining("has 3");
    }
}
