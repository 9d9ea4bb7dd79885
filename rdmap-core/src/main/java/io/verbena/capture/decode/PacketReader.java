package io.verbena.capture.decode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/**
 * Reads the packets of a capture file one after the other: classic pcap of either byte order with micro- or nanoseconds, and
 * pcapng with the blocks that carry packets; other blocks are skipped. And packets that were printed as hex.
 *
 * <p>Holds one packet at a time. Used by one thread.
 */
public abstract class PacketReader {
    /** Octets at the beginning of a file that tell what it is. */
    public static final int MAGIC_OCTETS = 4;

    PacketReader() {}

    /**
     * Begins to read a file.
     *
     * @param lent the file from its first octet on; stays the caller's to close
     * @return what reads it
     * @throws IOException if it cannot be read or is no capture file
     */
    public static PacketReader of(InputStream lent) throws IOException {
        CaptureInput input = new CaptureInput(lent, MAGIC_OCTETS);
        byte[] octets = lent.readNBytes(MAGIC_OCTETS);
        if (octets.length < MAGIC_OCTETS) {
            throw new DamagedCaptureException(
                    "no capture file: it has " + octets.length + " octets, and its kind takes " + MAGIC_OCTETS);
        }
        int magic = magic(octets);
        if (magic == PcapngReader.SECTION_HEADER) {
            return new PcapngReader(input);
        }
        if (PcapReader.isMagic(magic)) {
            return new PcapReader(input, magic, ByteOrder.BIG_ENDIAN);
        }
        if (PcapReader.isMagic(Integer.reverseBytes(magic))) {
            return new PcapReader(input, Integer.reverseBytes(magic), ByteOrder.LITTLE_ENDIAN);
        }
        throw new DamagedCaptureException("no capture file: it begins with 0x"
                + HexFormat.of().toHexDigits(magic) + ", which neither pcap nor pcapng does");
    }

    /**
     * Begins to read packets that a program printed as hex: {@code tcpdump -x}, {@code tshark -x}.
     *
     * @param lent the text from its first line on; stays the caller's to close
     * @return what reads it
     */
    public static PacketReader ofText(BufferedReader lent) {
        return new HexPackets(lent);
    }

    /**
     * Tells whether a text holds packets; if not, it may be the octets of one connection, for {@link HexText}.
     *
     * @param head its first lines; a packet's worth of them is enough
     * @return true for packets
     */
    public static boolean beginsAsText(String head) {
        return HexPackets.begins(head);
    }

    /**
     * Tells whether a file that begins so is a capture file.
     *
     * @param octets the first {@link #MAGIC_OCTETS} octets, or fewer
     * @return true for pcap and pcapng
     */
    public static boolean begins(byte[] octets) {
        if (octets.length < MAGIC_OCTETS) {
            return false;
        }
        int magic = magic(octets);
        return magic == PcapngReader.SECTION_HEADER
                || PcapReader.isMagic(magic)
                || PcapReader.isMagic(Integer.reverseBytes(magic));
    }

    private static int magic(byte[] octets) {
        return ByteBuffer.wrap(octets).getInt(0);
    }

    /**
     * Reads on.
     *
     * @return the next packet, or null at the end of the file
     * @throws DamagedCaptureException if the file ends within a packet or what comes is no packet
     */
    public abstract CapturedPacket next() throws IOException;
}
