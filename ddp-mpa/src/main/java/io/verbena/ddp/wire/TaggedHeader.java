package io.verbena.ddp.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * View of the header of a tagged DDP segment (RFC 5041 section 4.2).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *                                  +-+-+-------+---+---------------+
 *                                  |T|L| Rsvd  | DV|  RsvdULP      |   +0
 *  +-------------------------------+---------------+---------------+
 *  | STag                                                          |   +2
 *  +---------------------------------------------------------------+
 *  | TO                                                            |   +6
 *  |                                                               |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>The ruler is that of the FPDU, where ULPDU_Length fills the first half of the first word. Used by one thread. The
 * buffer is lent until the next {@code wrap} and has to be big-endian. Total once {@code fits} was true. STag and TO
 * are unsigned.
 */
public final class TaggedHeader {
    /** Offset of the DDP control octet. */
    public static final int CONTROL = 0;

    /** Offset of the octet reserved for the layer above. */
    public static final int ULP_CONTROL = CONTROL + 1;

    /** Offset of the STag. */
    public static final int STAG = ULP_CONTROL + 1;

    /** Offset of the tagged offset. */
    public static final int TAGGED_OFFSET = STAG + 4;

    /** Octets of the header; the payload starts here. */
    public static final int OCTETS = TAGGED_OFFSET + 8;

    private ByteBuffer buffer;
    private int offset;

    /** Creates a view of nothing; {@code wrap} comes next. */
    public TaggedHeader() {}

    /**
     * Tells whether a whole header is there.
     *
     * @param available octets at hand from the DDP control octet
     * @return true if a header can be wrapped
     */
    public static boolean fits(int available) {
        return available >= OCTETS;
    }

    /**
     * Points the view at a header.
     *
     * @param lent big-endian buffer, lent until the next call
     * @param newOffset where the DDP control octet is
     * @return this
     */
    public TaggedHeader wrap(ByteBuffer lent, int newOffset) {
        assert lent.order() == ByteOrder.BIG_ENDIAN : "wire views need a big-endian buffer";
        buffer = lent;
        offset = newOffset;
        return this;
    }

    public int control() {
        return buffer.get(offset + CONTROL) & 0xFF;
    }

    public TaggedHeader control(int control) {
        buffer.put(offset + CONTROL, (byte) control);
        return this;
    }

    public int ulpControl() {
        return buffer.get(offset + ULP_CONTROL) & 0xFF;
    }

    public TaggedHeader ulpControl(int ulpControl) {
        buffer.put(offset + ULP_CONTROL, (byte) ulpControl);
        return this;
    }

    public int stag() {
        return buffer.getInt(offset + STAG);
    }

    public TaggedHeader stag(int stag) {
        buffer.putInt(offset + STAG, stag);
        return this;
    }

    public long taggedOffset() {
        return buffer.getLong(offset + TAGGED_OFFSET);
    }

    public TaggedHeader taggedOffset(long taggedOffset) {
        buffer.putLong(offset + TAGGED_OFFSET, taggedOffset);
        return this;
    }
}
