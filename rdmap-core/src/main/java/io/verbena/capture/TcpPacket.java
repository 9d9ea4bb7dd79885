package io.verbena.capture;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Ethernet, IPv4 or IPv6, and TCP around octets that one end of a connection sends: good lengths, good checksums.
 *
 * <p>Immutable but for the number of the next IPv4 packet; used by one thread.
 */
final class TcpPacket {
    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int PSH = 0x08;
    static final int ACK = 0x10;

    /** What fits behind the headers of either version of IP, whose lengths have 16 bits. */
    static final int MAX_PAYLOAD_OCTETS = 65_495;

    /** The most octets that headers take. */
    static final int MAX_HEADER_OCTETS = 14 + 40 + 32;

    private static final int ETHERNET_OCTETS = 14;
    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86DD;
    private static final int IPV4_OCTETS = 20;
    private static final int IPV6_OCTETS = 40;
    private static final int TCP_OCTETS = 20;
    private static final int SYN_OPTIONS_OCTETS = 8;
    private static final int PROTOCOL_TCP = 6;
    private static final int DO_NOT_FRAGMENT = 0x4000;
    private static final int HOPS = 64;

    /** An Ethernet address that nobody has bought (locally administered); four octets of the IP address follow. */
    private static final short ETHERNET_PREFIX = 0x0200;

    private static final int WINDOW = 0xFFFF;

    /** The window is counted in units of 2^14 octets, the largest there are: nothing is ever seen to exceed it. */
    private static final int WINDOW_SHIFT = 14;

    private final byte[] source;
    private final byte[] destination;
    private final int sourcePort;
    private final int destinationPort;
    private short identification;

    /** Makes packets from {@code from} to {@code to}, whose addresses are of one family. */
    TcpPacket(InetSocketAddress from, InetSocketAddress to) {
        source = octets(from.getAddress());
        destination = octets(to.getAddress());
        sourcePort = from.getPort();
        destinationPort = to.getPort();
    }

    private static byte[] octets(InetAddress address) {
        return address.getAddress();
    }

    private boolean ipv4() {
        return source.length == 4;
    }

    private static int tcpHeaderOctets(int flags) {
        return (flags & SYN) == 0 ? TCP_OCTETS : TCP_OCTETS + SYN_OPTIONS_OCTETS;
    }

    /** Returns how long a packet is. */
    int octets(int flags, int payloadOctets) {
        return ETHERNET_OCTETS + (ipv4() ? IPV4_OCTETS : IPV6_OCTETS) + tcpHeaderOctets(flags) + payloadOctets;
    }

    /**
     * Puts a packet at the position of {@code borrowed}.
     *
     * @param payload borrowed; {@code count} octets from {@code from} on are sent; null for none
     */
    void put(ByteBuffer borrowed, int flags, int sequence, int acknowledged, ByteBuffer payload, int from, int count) {
        int tcpOctets = tcpHeaderOctets(flags) + count;
        putEthernet(borrowed);
        if (ipv4()) {
            putIpv4(borrowed, tcpOctets);
        } else {
            putIpv6(borrowed, tcpOctets);
        }
        int tcp = borrowed.position();
        borrowed.putShort((short) sourcePort).putShort((short) destinationPort);
        borrowed.putInt(sequence).putInt((flags & ACK) == 0 ? 0 : acknowledged);
        borrowed.put((byte) ((tcpHeaderOctets(flags) / 4) << 4)).put((byte) flags);
        borrowed.putShort((short) WINDOW).putShort((short) 0).putShort((short) 0);
        if ((flags & SYN) != 0) {
            // Maximum segment size, no operation, window scale.
            borrowed.put((byte) 2).put((byte) 4).putShort((short) MAX_PAYLOAD_OCTETS);
            borrowed.put((byte) 1).put((byte) 3).put((byte) 3).put((byte) WINDOW_SHIFT);
        }
        if (count > 0) {
            borrowed.put(borrowed.position(), payload, from, count);
            borrowed.position(borrowed.position() + count);
        }
        long pseudoHeader = sum(source) + sum(destination) + PROTOCOL_TCP + tcpOctets;
        borrowed.putShort(tcp + 16, checksum(pseudoHeader + sum(borrowed, tcp, tcpOctets)));
    }

    private void putEthernet(ByteBuffer borrowed) {
        borrowed.putShort(ETHERNET_PREFIX).put(destination, destination.length - 4, 4);
        borrowed.putShort(ETHERNET_PREFIX).put(source, source.length - 4, 4);
        borrowed.putShort((short) (ipv4() ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6));
    }

    private void putIpv4(ByteBuffer borrowed, int tcpOctets) {
        int start = borrowed.position();
        borrowed.putShort((short) 0x4500).putShort((short) (IPV4_OCTETS + tcpOctets));
        borrowed.putShort(identification++).putShort((short) DO_NOT_FRAGMENT);
        borrowed.put((byte) HOPS).put((byte) PROTOCOL_TCP).putShort((short) 0);
        borrowed.put(source).put(destination);
        borrowed.putShort(start + 10, checksum(sum(borrowed, start, IPV4_OCTETS)));
    }

    private void putIpv6(ByteBuffer borrowed, int tcpOctets) {
        borrowed.putInt(6 << 28).putShort((short) tcpOctets);
        borrowed.put((byte) PROTOCOL_TCP).put((byte) HOPS);
        borrowed.put(source).put(destination);
    }

    private static long sum(byte[] octets) {
        long sum = 0;
        for (int at = 0; at < octets.length; at += 2) {
            sum += (octets[at] & 0xFF) << 8 | (octets[at + 1] & 0xFF);
        }
        return sum;
    }

    /** Adds words of 16 bits, two at a time: 2^16 counts as 1 in the sum that {@link #checksum} makes of it. */
    private static long sum(ByteBuffer borrowed, int from, int count) {
        long sum = 0;
        int at = from;
        int end = from + count;
        for (; at + 4 <= end; at += 4) {
            sum += Integer.toUnsignedLong(borrowed.getInt(at));
        }
        for (int shift = 24; at < end; at++, shift -= 8) {
            sum += (borrowed.get(at) & 0xFFL) << shift;
        }
        return sum;
    }

    private static short checksum(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xFFFF) + (folded >>> 16);
        }
        return (short) ~folded;
    }
}
