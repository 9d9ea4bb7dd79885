package io.verbena.capture.decode;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * One TCP segment found in a packet.
 *
 * @param source who sent it
 * @param destination who it is for
 * @param sequence sequence number of its first octet, or of its SYN
 * @param syn whether it opens a direction
 * @param fin whether it closes a direction
 * @param reset whether it aborts the connection
 * @param acknowledgement whether it acknowledges anything; a SYN without belongs to the side that connects
 * @param payload big-endian view of the octets it carries
 */
public record TcpSegment(
        InetSocketAddress source,
        InetSocketAddress destination,
        int sequence,
        boolean syn,
        boolean fin,
        boolean reset,
        boolean acknowledgement,
        ByteBuffer payload) {

    private static final int LINK_NULL = 0;
    private static final int LINK_ETHERNET = 1;
    /** What some systems have written for 101. */
    private static final int LINK_RAW_OF_BSD = 12;

    private static final int LINK_RAW_OF_OPENBSD = 14;
    private static final int LINK_RAW = 101;
    private static final int LINK_LOOP = 108;
    private static final int LINK_LINUX_COOKED = 113;
    private static final int LINK_IPV4 = 228;
    private static final int LINK_IPV6 = 229;
    private static final int LINK_LINUX_COOKED_2 = 276;

    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86DD;
    private static final int ETHERTYPE_VLAN = 0x8100;
    private static final int ETHERTYPE_SERVICE_VLAN = 0x88A8;
    private static final int PROTOCOL_TCP = 6;
    private static final int TCP_HEADER_OCTETS = 20;

    /**
     * Finds the TCP segment in a packet.
     *
     * @param packet the packet
     * @return its segment, or null if it holds none that can be read: another protocol, a fragment, a cut header
     */
    public static TcpSegment of(CapturedPacket packet) {
        ByteBuffer octets = packet.octets();
        try {
            int network = networkOffset(packet.linkType(), octets);
            return network < 0 ? null : ofNetwork(octets, network);
        } catch (IndexOutOfBoundsException cut) {
            // Shorter than its own headers say: nothing in it can be put into a stream.
            return null;
        }
    }

    private static int networkOffset(int linkType, ByteBuffer octets) {
        return switch (linkType) {
            case LINK_ETHERNET -> behindEthernet(octets);
            case LINK_RAW, LINK_RAW_OF_BSD, LINK_RAW_OF_OPENBSD, LINK_IPV4, LINK_IPV6 -> 0;
            case LINK_NULL, LINK_LOOP -> 4;
            case LINK_LINUX_COOKED -> 16;
            case LINK_LINUX_COOKED_2 -> 20;
            default -> -1;
        };
    }

    private static int behindEthernet(ByteBuffer octets) {
        int at = 12;
        int type = octets.getShort(at) & 0xFFFF;
        while (type == ETHERTYPE_VLAN || type == ETHERTYPE_SERVICE_VLAN) {
            at += 4;
            type = octets.getShort(at) & 0xFFFF;
        }
        return type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6 ? at + 2 : -1;
    }

    private static TcpSegment ofNetwork(ByteBuffer octets, int at) {
        return switch (octets.get(at) >>> 4 & 0xF) {
            case 4 -> ofIpv4(octets, at);
            case 6 -> ofIpv6(octets, at);
            default -> null;
        };
    }

    private static TcpSegment ofIpv4(ByteBuffer octets, int at) {
        int header = (octets.get(at) & 0x0F) * 4;
        int total = octets.getShort(at + 2) & 0xFFFF;
        boolean fragment = (octets.getShort(at + 6) & 0x3FFF) != 0;
        if (fragment || octets.get(at + 9) != PROTOCOL_TCP) {
            return null;
        }
        // Large segments that the sending machine leaves to its adapter are captured with a total of zero.
        int end = total == 0 ? octets.limit() : Math.min(octets.limit(), at + total);
        return ofTcp(octets, at + header, end, address(octets, at + 12, 4), address(octets, at + 16, 4));
    }

    private static TcpSegment ofIpv6(ByteBuffer octets, int at) {
        if (octets.get(at + 6) != PROTOCOL_TCP) {
            return null;
        }
        int length = octets.getShort(at + 4) & 0xFFFF;
        int end = length == 0 ? octets.limit() : Math.min(octets.limit(), at + 40 + length);
        return ofTcp(octets, at + 40, end, address(octets, at + 8, 16), address(octets, at + 24, 16));
    }

    private static TcpSegment ofTcp(ByteBuffer octets, int at, int end, InetAddress from, InetAddress to) {
        int header = (octets.get(at + 12) >>> 4 & 0xF) * 4;
        int flags = octets.get(at + 13);
        if (header < TCP_HEADER_OCTETS || at + header > end) {
            return null;
        }
        return new TcpSegment(
                new InetSocketAddress(from, octets.getShort(at) & 0xFFFF),
                new InetSocketAddress(to, octets.getShort(at + 2) & 0xFFFF),
                octets.getInt(at + 4),
                (flags & 0x02) != 0,
                (flags & 0x01) != 0,
                (flags & 0x04) != 0,
                (flags & 0x10) != 0,
                octets.slice(at + header, end - at - header));
    }

    private static InetAddress address(ByteBuffer octets, int at, int length) {
        byte[] address = new byte[length];
        octets.get(at, address);
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of " + length + " octets is always one", e);
        }
    }
}
