package io.verbena.capture.decode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads pcapng files (draft-ietf-opsawg-pcapng), behind the type of their first block. Each section has its own byte order and
 * its own interfaces. Used by one thread.
 */
final class PcapngReader extends PacketReader {
    /** Type of the block every section begins with; it reads the same in both byte orders. */
    static final int SECTION_HEADER = 0x0A0D0D0A;

    private static final int SECTION_ORDER_MAGIC = 0x1A2B3C4D;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;
    /** Interfaces of a section. */
    private static final int MAX_INTERFACES = 1 << 16;

    private static final int BLOCK_OVERHEAD = 12;
    private static final int INTERFACE_FIXED_OCTETS = 8;
    private static final int ENHANCED_FIXED_OCTETS = 20;
    private static final int OPTION_TIMESTAMP_RESOLUTION = 9;
    private static final double NS_PER_SECOND = 1e9;
    private static final int MICROSECONDS = 6;

    private final CaptureInput input;
    private final List<Interface> interfaces = new ArrayList<>();
    private ByteOrder order = ByteOrder.BIG_ENDIAN;
    private boolean typeRead = true;

    private record Interface(int linkType, double unitNs) {}

    PcapngReader(CaptureInput input) {
        this.input = input;
    }

    @Override
    public CapturedPacket next() throws IOException {
        while (true) {
            int type = SECTION_HEADER;
            if (!typeRead) {
                ByteBuffer start = input.readIfThere(4, "a block's type", order);
                if (start == null) {
                    return null;
                }
                type = start.getInt(0);
            }
            typeRead = false;
            CapturedPacket packet = type == SECTION_HEADER ? section() : block(type);
            if (packet != null) {
                return packet;
            }
        }
    }

    private CapturedPacket section() throws IOException {
        ByteBuffer start = input.read(8, "a section's header", ByteOrder.BIG_ENDIAN);
        boolean big = start.getInt(4) == SECTION_ORDER_MAGIC;
        if (!big && start.getInt(4) != Integer.reverseBytes(SECTION_ORDER_MAGIC)) {
            throw new DamagedCaptureException("the file is damaged: the section header at octet "
                    + (input.position() - 8) + " tells no byte order");
        }
        order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        interfaces.clear();
        rest(start.order(order).getInt(0), 12);
        return null;
    }

    private CapturedPacket block(int type) throws IOException {
        int octets = input.read(4, "a block's length", order).getInt(0);
        ByteBuffer body = rest(octets, 8);
        int bodyOctets = octets - BLOCK_OVERHEAD;
        switch (type) {
            case INTERFACE_DESCRIPTION -> {
                if (interfaces.size() == MAX_INTERFACES) {
                    throw new DamagedCaptureException("the file is damaged: the block that ends at octet "
                            + input.position() + " describes one interface more than " + MAX_INTERFACES);
                }
                if (bodyOctets >= INTERFACE_FIXED_OCTETS) {
                    interfaces.add(new Interface(body.getShort(0) & 0xFFFF, unitNs(body, bodyOctets)));
                }
            }
            case ENHANCED_PACKET -> {
                if (bodyOctets >= ENHANCED_FIXED_OCTETS) {
                    return enhanced(body, bodyOctets);
                }
            }
            case SIMPLE_PACKET -> {
                if (bodyOctets >= 4 && !interfaces.isEmpty()) {
                    int captured = (int) Math.min(Integer.toUnsignedLong(body.getInt(0)), bodyOctets - 4);
                    return packet(interfaces.get(0), 0, body, 4, captured);
                }
            }
            default -> {
                // Names, statistics and other companions of packets.
            }
        }
        return null;
    }

    /** Reads what is left of a block of {@code octets} of which {@code read} were read, and checks the length behind it. */
    private ByteBuffer rest(int octets, int read) throws IOException {
        if (octets < Math.max(BLOCK_OVERHEAD, read + 4) || octets % 4 != 0 || octets > CaptureInput.MAX_PIECE_OCTETS) {
            throw new DamagedCaptureException("the file is damaged: the block at octet " + (input.position() - read)
                    + " is said to have " + Integer.toUnsignedString(octets) + " octets");
        }
        ByteBuffer rest = input.read(octets - read, "a block", order);
        if (rest.getInt(rest.limit() - 4) != octets) {
            throw new DamagedCaptureException("the file is damaged: the block that ends at octet " + input.position()
                    + " has one length before it and another behind it");
        }
        return rest;
    }

    private CapturedPacket enhanced(ByteBuffer body, int bodyOctets) throws IOException {
        int number = body.getInt(0);
        if (number < 0 || number >= interfaces.size()) {
            throw new DamagedCaptureException("the file is damaged: the packet that ends at octet " + input.position()
                    + " came through interface " + Integer.toUnsignedString(number) + ", and there are "
                    + interfaces.size());
        }
        Interface from = interfaces.get(number);
        long time = Integer.toUnsignedLong(body.getInt(4)) << 32 | Integer.toUnsignedLong(body.getInt(8));
        long timeNs = from.unitNs() == 1 ? time : (long) (time * from.unitNs());
        int captured = (int) Math.min(Integer.toUnsignedLong(body.getInt(12)), bodyOctets - ENHANCED_FIXED_OCTETS);
        return packet(from, timeNs, body, ENHANCED_FIXED_OCTETS, captured);
    }

    /** Returns how many nanoseconds a tick of an interface's clock takes: microseconds unless an option says otherwise. */
    private static double unitNs(ByteBuffer body, int bodyOctets) {
        int resolution = MICROSECONDS;
        int at = INTERFACE_FIXED_OCTETS;
        while (at + 4 <= bodyOctets && body.getShort(at) != 0) {
            int length = body.getShort(at + 2) & 0xFFFF;
            if (body.getShort(at) == OPTION_TIMESTAMP_RESOLUTION && length > 0 && at + 4 < bodyOctets) {
                resolution = body.get(at + 4);
            }
            at += 4 + (length + 3) / 4 * 4;
        }
        // The most significant bit tells a power of two from a power of ten.
        double base = resolution < 0 ? 2 : 10;
        return resolution == 9 ? 1 : NS_PER_SECOND * Math.pow(base, -(resolution & 0x7F));
    }

    private static CapturedPacket packet(Interface from, long timeNs, ByteBuffer body, int at, int octets) {
        return new CapturedPacket(
                from.linkType(), timeNs, body.slice(at, octets).asReadOnlyBuffer());
    }
}
