package io.verbena.capture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Layout of the pcapng blocks of a capture (draft-ietf-opsawg-pcapng), big-endian like the packets in them. Every block has its
 * length before and behind its body, a multiple of four:
 *
 * <pre>
 *  +-------------------+---------------------+------------------+---------------------+
 *  | Block Type        | Block Total Length  | Body, options    | Block Total Length  |
 *  +-------------------+---------------------+------------------+---------------------+
 * </pre>
 *
 * <p>Pure functions on borrowed buffers, at their position: any thread.
 */
final class PcapngBlocks {
    /** Octets around the body of a block. */
    static final int OVERHEAD_OCTETS = 12;

    /** Octets of a packet's block without the packet, its pad included. */
    static final int PACKET_OVERHEAD_OCTETS = OVERHEAD_OCTETS + 20 + 8 + 4 + 3;

    private static final int SECTION_HEADER = 0x0A0D0D0A;
    private static final int ORDER_MAGIC = 0x1A2B3C4D;
    private static final long LENGTH_UNKNOWN = -1;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int ENHANCED_PACKET = 6;

    private static final int OPTION_END = 0;
    private static final int SECTION_APPLICATION = 4;
    private static final int INTERFACE_NAME = 2;
    private static final int INTERFACE_TIME_RESOLUTION = 9;
    private static final int PACKET_FLAGS = 2;

    private static final int LINK_ETHERNET = 1;
    private static final byte NANOSECONDS = 9;
    private static final int INBOUND = 1;
    private static final int OUTBOUND = 2;
    private static final int MAX_NAME_OCTETS = 200;

    private PcapngBlocks() {}

    /** Puts the block that begins a file. */
    static void putSection(ByteBuffer borrowed, String application) {
        int start = begin(borrowed, SECTION_HEADER);
        borrowed.putInt(ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(LENGTH_UNKNOWN);
        putText(borrowed, SECTION_APPLICATION, application);
        end(borrowed, start);
    }

    /** Puts the block that describes an interface; its number is how many were described before it. */
    static void putInterface(ByteBuffer borrowed, String name) {
        int start = begin(borrowed, INTERFACE_DESCRIPTION);
        // A snapshot length of zero: packets are whole.
        borrowed.putShort((short) LINK_ETHERNET).putShort((short) 0).putInt(0);
        putText(borrowed, INTERFACE_NAME, name);
        borrowed.putShort((short) INTERFACE_TIME_RESOLUTION).putShort((short) 1);
        borrowed.put(NANOSECONDS).put((byte) 0).putShort((short) 0);
        end(borrowed, start);
    }

    /** Begins the block of a packet that comes next; returns where it starts, for {@link #endPacket}. */
    static int beginPacket(ByteBuffer borrowed, int interfaceNumber, long timeNs, int packetOctets) {
        int start = begin(borrowed, ENHANCED_PACKET);
        borrowed.putInt(interfaceNumber).putLong(timeNs).putInt(packetOctets).putInt(packetOctets);
        return start;
    }

    /** Ends the block of a packet, which was put behind {@link #beginPacket}. */
    static void endPacket(ByteBuffer borrowed, int start, boolean sent) {
        pad(borrowed, start);
        borrowed.putShort((short) PACKET_FLAGS).putShort((short) 4).putInt(sent ? OUTBOUND : INBOUND);
        end(borrowed, start);
    }

    private static int begin(ByteBuffer borrowed, int type) {
        int start = borrowed.position();
        borrowed.putInt(type).putInt(0);
        return start;
    }

    private static void end(ByteBuffer borrowed, int start) {
        borrowed.putShort((short) OPTION_END).putShort((short) 0);
        int octets = borrowed.position() + 4 - start;
        borrowed.putInt(octets).putInt(start + 4, octets);
    }

    private static void putText(ByteBuffer borrowed, int option, String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(octets.length, MAX_NAME_OCTETS);
        int start = borrowed.position();
        borrowed.putShort((short) option).putShort((short) length).put(octets, 0, length);
        pad(borrowed, start);
    }

    private static void pad(ByteBuffer borrowed, int start) {
        while ((borrowed.position() - start) % 4 != 0) {
            borrowed.put((byte) 0);
        }
    }

    /**
     * Counts the octets of whole blocks at the beginning of {@code borrowed}.
     *
     * @param octets how many octets there are
     * @return at most {@code octets}
     */
    static int wholeBlocks(ByteBuffer borrowed, int octets) {
        int whole = 0;
        while (whole + OVERHEAD_OCTETS <= octets && whole + borrowed.getInt(whole + 4) <= octets) {
            whole += borrowed.getInt(whole + 4);
        }
        return whole;
    }
}
