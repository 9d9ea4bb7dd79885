package io.verbena.mpa.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * View of an MPA Request or Reply Frame (RFC 5044 section 7.1.1, RFC 6581 section 6).
 *
 * <pre>
 *  +0                                        +16       +17   +18        +20
 *  +-----------------------------------------+---------+-----+----------+--------------+
 *  | Key, 16 octets                          |M C R S 0| Rev | PD_Length| Private Data |
 *  +-----------------------------------------+---------+-----+----------+--------------+
 * </pre>
 *
 * <p>Used by one thread. The buffer is lent until the next {@code wrap}; it has to be big-endian. {@code fits} tells
 * whether the fixed part can be read, after which every accessor but {@link #privateData} is total.
 */
public final class MpaFrame {
    /** Offset of the key. */
    public static final int KEY = 0;

    /** Offset of the flags octet. */
    public static final int FLAGS = KEY + MpaFrameKind.KEY_OCTETS;

    /** Offset of the revision. */
    public static final int REVISION = FLAGS + 1;

    /** Offset of the private data length. */
    public static final int PRIVATE_DATA_LENGTH = REVISION + 1;

    /** Offset of the private data. */
    public static final int PRIVATE_DATA = PRIVATE_DATA_LENGTH + 2;

    /** Octets of the frame without private data. */
    public static final int FIXED_OCTETS = PRIVATE_DATA;

    /** Most octets of private data a frame may carry. */
    public static final int MAX_PRIVATE_DATA_OCTETS = 512;

    /** Octets of the largest valid frame. */
    public static final int MAX_OCTETS = FIXED_OCTETS + MAX_PRIVATE_DATA_OCTETS;

    /** M: the sender of the frame needs markers in what it receives. */
    public static final int MARKERS = 0x80;

    /** C: the sender of the frame wants CRCs. */
    public static final int CRC = 0x40;

    /** R: the connection is rejected; meaningful in a Reply. */
    public static final int REJECTED = 0x20;

    /** S: the private data starts with the enhanced word; meaningful from revision 2 on. */
    public static final int ENHANCED = 0x10;

    private ByteBuffer buffer;
    private int offset;

    /** Creates a view of nothing; {@code wrap} comes next. */
    public MpaFrame() {}

    /**
     * Tells whether the fixed part is there.
     *
     * @param available octets at hand from the start of the frame
     * @return true if a frame of that many octets can be wrapped
     */
    public static boolean fits(int available) {
        return available >= FIXED_OCTETS;
    }

    /**
     * Points the view at a frame.
     *
     * @param lent big-endian buffer, lent until the next call
     * @param newOffset where the frame starts
     * @return this
     */
    public MpaFrame wrap(ByteBuffer lent, int newOffset) {
        assert lent.order() == ByteOrder.BIG_ENDIAN : "wire views need a big-endian buffer";
        buffer = lent;
        offset = newOffset;
        return this;
    }

    /**
     * Kind of the frame by its key.
     *
     * @return the kind, or null if the key is neither
     */
    public MpaFrameKind kind() {
        for (MpaFrameKind kind : MpaFrameKind.values()) {
            if (kind.matchingOctets(buffer, offset + KEY, MpaFrameKind.KEY_OCTETS) == MpaFrameKind.KEY_OCTETS) {
                return kind;
            }
        }
        return null;
    }

    /**
     * Writes the key of a kind.
     *
     * @param kind Request or Reply
     * @return this
     */
    public MpaFrame kind(MpaFrameKind kind) {
        kind.put(buffer, offset + KEY);
        return this;
    }

    public int flags() {
        return buffer.get(offset + FLAGS) & 0xFF;
    }

    /**
     * Writes the flags octet; the caller leaves the reserved bits zero.
     *
     * @param flags union of {@link #MARKERS}, {@link #CRC}, {@link #REJECTED} and {@link #ENHANCED}
     * @return this
     */
    public MpaFrame flags(int flags) {
        buffer.put(offset + FLAGS, (byte) flags);
        return this;
    }

    public boolean markers() {
        return (flags() & MARKERS) != 0;
    }

    public boolean crc() {
        return (flags() & CRC) != 0;
    }

    public boolean rejected() {
        return (flags() & REJECTED) != 0;
    }

    /**
     * Tells whether the private data starts with the enhanced word. In a frame of revision 1 the bit is reserved, so it
     * says nothing there (RFC 6581 section 6).
     *
     * @return true if S is set and the revision knows it
     */
    public boolean enhanced() {
        return (flags() & ENHANCED) != 0 && revision() >= MpaRevision.ENHANCED;
    }

    public int revision() {
        return buffer.get(offset + REVISION) & 0xFF;
    }

    public MpaFrame revision(int revision) {
        buffer.put(offset + REVISION, (byte) revision);
        return this;
    }

    public int privateDataLength() {
        return buffer.getShort(offset + PRIVATE_DATA_LENGTH) & 0xFFFF;
    }

    public MpaFrame privateDataLength(int lengthOctets) {
        buffer.putShort(offset + PRIVATE_DATA_LENGTH, (short) lengthOctets);
        return this;
    }

    /**
     * Copies the private data out, the enhanced word included. The caller has made sure that it is there.
     *
     * @return a new array of {@link #privateDataLength()} octets
     */
    public byte[] privateData() {
        byte[] data = new byte[privateDataLength()];
        buffer.get(offset + PRIVATE_DATA, data);
        return data;
    }

    /**
     * Octets of the whole frame as announced.
     *
     * @return fixed part and private data
     */
    public int octets() {
        return FIXED_OCTETS + privateDataLength();
    }
}
