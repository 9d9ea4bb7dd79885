package io.verbena.testkit.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads capture files: classic pcap of either byte order with micro- or nanoseconds, and pcapng with the blocks that carry
 * packets; other blocks are skipped. A file that ends within a packet gives the packets before it.
 *
 * <p>Files are read whole and have to fit into memory. Any thread.
 */
public final class PacketFile {
    private static final int PCAP_MICROSECONDS = 0xA1B2C3D4;
    private static final int PCAP_NANOSECONDS = 0xA1B23C4D;
    private static final int PCAP_HEADER_OCTETS = 24;
    private static final int PCAP_LINK_TYPE = 20;
    private static final int PCAP_PACKET_HEADER_OCTETS = 16;

    private static final int SECTION_HEADER = 0x0A0D0D0A;
    private static final int SECTION_ORDER = 8;
    private static final int SECTION_ORDER_MAGIC = 0x1A2B3C4D;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;
    private static final int BLOCK_OVERHEAD = 12;

    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long NS_PER_MICROSECOND = 1_000L;

    private PacketFile() {}

    /**
     * Reads a file.
     *
     * @param file where it is
     * @return its packets in the order of the file
     * @throws IOException if it cannot be read or is no capture file
     */
    public static List<CapturedPacket> read(Path file) throws IOException {
        return parse(ByteBuffer.wrap(Files.readAllBytes(file)));
    }

    /**
     * Reads the content of a file.
     *
     * @param file the content; given, the packets are views of it
     * @return its packets in the order of the file
     * @throws IOException if it is no capture file
     */
    public static List<CapturedPacket> parse(ByteBuffer file) throws IOException {
        if (file.limit() < Integer.BYTES) {
            throw new IOException("a capture file has at least 24 octets, this one has " + file.limit());
        }
        file.order(ByteOrder.BIG_ENDIAN);
        int magic = file.getInt(0);
        if (magic == SECTION_HEADER) {
            return parseBlocks(file);
        }
        if (isPcap(Integer.reverseBytes(magic))) {
            file.order(ByteOrder.LITTLE_ENDIAN);
            magic = Integer.reverseBytes(magic);
        }
        if (!isPcap(magic) || file.limit() < PCAP_HEADER_OCTETS) {
            throw new IOException(
                    "no capture file: it begins with 0x" + HexFormat.of().toHexDigits(magic));
        }
        return parseClassic(file, magic == PCAP_NANOSECONDS ? 1 : NS_PER_MICROSECOND);
    }

    private static boolean isPcap(int magic) {
        return magic == PCAP_MICROSECONDS || magic == PCAP_NANOSECONDS;
    }

    private static List<CapturedPacket> parseClassic(ByteBuffer file, long fractionNs) {
        List<CapturedPacket> packets = new ArrayList<>();
        int linkType = file.getInt(PCAP_LINK_TYPE) & 0xFFFF;
        int at = PCAP_HEADER_OCTETS;
        while (file.limit() - at >= PCAP_PACKET_HEADER_OCTETS) {
            long seconds = Integer.toUnsignedLong(file.getInt(at));
            long fraction = Integer.toUnsignedLong(file.getInt(at + 4));
            int captured = file.getInt(at + 8);
            at += PCAP_PACKET_HEADER_OCTETS;
            if (captured < 0 || captured > file.limit() - at) {
                break;
            }
            packets.add(packet(linkType, seconds * NS_PER_SECOND + fraction * fractionNs, file, at, captured));
            at += captured;
        }
        return packets;
    }

    private static List<CapturedPacket> parseBlocks(ByteBuffer file) throws IOException {
        List<CapturedPacket> packets = new ArrayList<>();
        List<Integer> linkTypes = new ArrayList<>();
        int at = 0;
        while (file.limit() - at >= BLOCK_OVERHEAD) {
            if (file.getInt(at) == SECTION_HEADER) {
                // The type reads the same in both orders, so the order of a section is found behind it.
                file.order(ByteOrder.BIG_ENDIAN);
                file.order(
                        file.getInt(at + SECTION_ORDER) == SECTION_ORDER_MAGIC
                                ? ByteOrder.BIG_ENDIAN
                                : ByteOrder.LITTLE_ENDIAN);
                linkTypes.clear();
            }
            int octets = file.getInt(at + 4);
            if (octets < BLOCK_OVERHEAD) {
                throw new IOException("block of " + octets + " octets at " + at);
            }
            if (octets > file.limit() - at) {
                break;
            }
            parseBlock(file, at, octets, linkTypes, packets);
            at += octets;
        }
        return packets;
    }

    private static void parseBlock(
            ByteBuffer file, int at, int octets, List<Integer> linkTypes, List<CapturedPacket> packets) {
        int body = at + 8;
        int bodyOctets = octets - BLOCK_OVERHEAD;
        switch (file.getInt(at)) {
            case INTERFACE_DESCRIPTION -> {
                if (bodyOctets >= 8) {
                    linkTypes.add(file.getShort(body) & 0xFFFF);
                }
            }
            case ENHANCED_PACKET -> {
                if (bodyOctets >= 20 && file.getInt(body) >= 0 && file.getInt(body) < linkTypes.size()) {
                    long time = Integer.toUnsignedLong(file.getInt(body + 4)) << 32
                            | Integer.toUnsignedLong(file.getInt(body + 8));
                    int captured = Math.min(file.getInt(body + 12), bodyOctets - 20);
                    // Microseconds unless an option of the interface says otherwise; the time is for display only.
                    packets.add(packet(
                            linkTypes.get(file.getInt(body)), time * NS_PER_MICROSECOND, file, body + 20, captured));
                }
            }
            case SIMPLE_PACKET -> {
                if (bodyOctets >= 4 && !linkTypes.isEmpty()) {
                    int captured = Math.min(file.getInt(body), bodyOctets - 4);
                    packets.add(packet(linkTypes.get(0), 0, file, body + 4, captured));
                }
            }
            default -> {
                // Names, statistics and other companions of packets.
            }
        }
    }

    private static CapturedPacket packet(int linkType, long timeNs, ByteBuffer file, int at, int octets) {
        return new CapturedPacket(
                linkType, timeNs, file.slice(at, Math.max(octets, 0)).asReadOnlyBuffer());
    }
}
