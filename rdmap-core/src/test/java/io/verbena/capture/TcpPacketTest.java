package io.verbena.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lengths and checksums of packets, worked out octet by octet. */
class TcpPacketTest {
    private static InetSocketAddress address(String host, int port) throws Exception {
        return new InetSocketAddress(InetAddress.getByName(host), port);
    }

    private static TcpPacket packets(boolean ipv4) throws Exception {
        return ipv4
                ? new TcpPacket(address("192.0.2.1", 40000), address("192.0.2.200", 7174))
                : new TcpPacket(address("2001:db8::1", 40000), address("2001:db8::ffff", 7174));
    }

    /** RFC 1071, as its section 1 says it: the sum of all words, their checksum among them, is all ones. */
    private static int onesComplement(ByteBuffer octets, int from, int count, int more) {
        int sum = more;
        for (int i = 0; i < count; i++) {
            int octet = octets.get(from + i) & 0xFF;
            sum += i % 2 == 0 ? octet << 8 : octet;
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lengthsAndChecksumsAreRightForAnyPayload(boolean ipv4) throws Exception {
        TcpPacket packets = packets(ipv4);
        SplittableRandom random = new SplittableRandom(7174);
        int ip = 14;
        int tcp = ip + (ipv4 ? 20 : 40);
        int[] lengths = {0, 1, 2, 3, 4, 5, 7, 8, 1460, 1461, 65_494, TcpPacket.MAX_PAYLOAD_OCTETS};
        for (int length : lengths) {
            byte[] payload = new byte[length + 3];
            random.nextBytes(payload);
            ByteBuffer packet = ByteBuffer.allocate(70_000).position(9);
            packets.put(packet, TcpPacket.ACK, 0xFFFFFFF0, 0x80000001, ByteBuffer.wrap(payload), 3, length);
            packet.flip().position(9);
            packet = packet.slice();

            assertThat(packet.limit())
                    .isEqualTo(packets.octets(TcpPacket.ACK, length))
                    .isEqualTo(tcp + 20 + length);
            if (ipv4) {
                assertThat(packet.getShort(ip + 2) & 0xFFFF).isEqualTo(40 + length);
                assertThat(onesComplement(packet, ip, 20, 0)).isEqualTo(0xFFFF);
                assertThat(packet.get(ip + 9)).isEqualTo((byte) 6);
            } else {
                assertThat(packet.getShort(ip + 4) & 0xFFFF).isEqualTo(20 + length);
                assertThat(packet.get(ip + 6)).isEqualTo((byte) 6);
            }
            int addresses = ipv4 ? 8 : 32;
            int pseudoHeader = onesComplement(packet, tcp - addresses, addresses, 6 + 20 + length);
            assertThat(onesComplement(packet, tcp, 20 + length, pseudoHeader)).isEqualTo(0xFFFF);
            assertThat(packet.getInt(tcp + 4)).isEqualTo(0xFFFFFFF0);
            assertThat(packet.getInt(tcp + 8)).isEqualTo(0x80000001);
            assertThat(packet.slice(tcp + 20, length)).isEqualTo(ByteBuffer.wrap(payload, 3, length));
        }
    }

    @Test
    void aSynHasOptionsAndNoAcknowledgement() throws Exception {
        ByteBuffer packet = ByteBuffer.allocate(200);
        packets(true).put(packet, TcpPacket.SYN, 5, 9, null, 0, 0);
        assertThat(packet.position()).isEqualTo(14 + 20 + 28);
        assertThat(packet.get(34 + 12) >>> 4 & 0xF).isEqualTo(7);
        assertThat(packet.getInt(34 + 8)).isZero();
        assertThat(packet.getShort(34 + 22) & 0xFFFF).isEqualTo(TcpPacket.MAX_PAYLOAD_OCTETS);
    }
}
