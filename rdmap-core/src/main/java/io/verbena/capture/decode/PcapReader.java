package io.verbena.capture.decode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads classic pcap files, behind their magic number. Used by one thread. */
final class PcapReader extends PacketReader {
    private static final int MICROSECONDS = 0xA1B2C3D4;
    private static final int NANOSECONDS = 0xA1B23C4D;
    private static final int HEADER_OCTETS = 24 - MAGIC_OCTETS;
    private static final int LINK_TYPE = 20 - MAGIC_OCTETS;
    private static final int PACKET_HEADER_OCTETS = 16;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final CaptureInput input;
    private final ByteOrder order;
    private final long fractionNs;
    private final int linkType;

    PcapReader(CaptureInput input, int magic, ByteOrder order) throws IOException {
        this.input = input;
        this.order = order;
        fractionNs = magic == NANOSECONDS ? 1 : 1_000;
        linkType = input.read(HEADER_OCTETS, "the file's header", order).getInt(LINK_TYPE) & 0xFFFF;
    }

    static boolean isMagic(int magic) {
        return magic == MICROSECONDS || magic == NANOSECONDS;
    }

    @Override
    public CapturedPacket next() throws IOException {
        ByteBuffer header = input.readIfThere(PACKET_HEADER_OCTETS, "the header of a packet", order);
        if (header == null) {
            return null;
        }
        long seconds = Integer.toUnsignedLong(header.getInt(0));
        long fraction = Integer.toUnsignedLong(header.getInt(4));
        ByteBuffer octets = input.read(header.getInt(8), "a packet", ByteOrder.BIG_ENDIAN);
        return new CapturedPacket(linkType, seconds * NS_PER_SECOND + fraction * fractionNs, octets.asReadOnlyBuffer());
    }
}
