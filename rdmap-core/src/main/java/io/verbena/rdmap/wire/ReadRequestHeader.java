package io.verbena.rdmap.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * View of the RDMAP header of an RDMA Read Request (RFC 5040 section 4.4).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  | SinkSTag                                                      |   +0
 *  +---------------------------------------------------------------+
 *  | SinkTO                                                        |   +4
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  | RDMARDSZ                                                      |  +12
 *  +---------------------------------------------------------------+
 *  | SrcSTag                                                       |  +16
 *  +---------------------------------------------------------------+
 *  | SrcTO                                                         |  +20
 *  |                                                               |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>Used by one thread. The buffer is lent until the next {@code wrap} and has to be big-endian. Total once
 * {@code fits} was true.
 */
public final class ReadRequestHeader {
    /** Offset of the Data Sink's STag. */
    public static final int SINK_STAG = 0;

    /** Offset of the Data Sink's tagged offset. */
    public static final int SINK_TAGGED_OFFSET = SINK_STAG + 4;

    /** Offset of the read size. */
    public static final int READ_SIZE = SINK_TAGGED_OFFSET + 8;

    /** Offset of the Data Source's STag. */
    public static final int SOURCE_STAG = READ_SIZE + 4;

    /** Offset of the Data Source's tagged offset. */
    public static final int SOURCE_TAGGED_OFFSET = SOURCE_STAG + 4;

    /** Octets of the header. */
    public static final int OCTETS = SOURCE_TAGGED_OFFSET + 8;

    private ByteBuffer buffer;
    private int offset;

    /** Creates a view of nothing; {@code wrap} comes next. */
    public ReadRequestHeader() {}

    /**
     * Tells whether a whole header is there.
     *
     * @param available octets at hand behind the DDP header
     * @return true if a header can be wrapped
     */
    public static boolean fits(int available) {
        return available >= OCTETS;
    }

    /**
     * Points the view at a header.
     *
     * @param lent big-endian buffer, lent until the next call
     * @param newOffset where the DDP header ends
     * @return this
     */
    public ReadRequestHeader wrap(ByteBuffer lent, int newOffset) {
        assert lent.order() == ByteOrder.BIG_ENDIAN : "wire views need a big-endian buffer";
        buffer = lent;
        offset = newOffset;
        return this;
    }

    public int sinkStag() {
        return buffer.getInt(offset + SINK_STAG);
    }

    public ReadRequestHeader sinkStag(int stag) {
        buffer.putInt(offset + SINK_STAG, stag);
        return this;
    }

    public long sinkTaggedOffset() {
        return buffer.getLong(offset + SINK_TAGGED_OFFSET);
    }

    public ReadRequestHeader sinkTaggedOffset(long taggedOffset) {
        buffer.putLong(offset + SINK_TAGGED_OFFSET, taggedOffset);
        return this;
    }

    /**
     * Octets to read.
     *
     * @return 0 to 2<sup>32</sup> - 1
     */
    public long readSize() {
        return Integer.toUnsignedLong(buffer.getInt(offset + READ_SIZE));
    }

    /**
     * Writes the octets to read.
     *
     * @param octets 0 to 2<sup>32</sup> - 1
     * @return this
     */
    public ReadRequestHeader readSize(long octets) {
        buffer.putInt(offset + READ_SIZE, (int) octets);
        return this;
    }

    public int sourceStag() {
        return buffer.getInt(offset + SOURCE_STAG);
    }

    public ReadRequestHeader sourceStag(int stag) {
        buffer.putInt(offset + SOURCE_STAG, stag);
        return this;
    }

    public long sourceTaggedOffset() {
        return buffer.getLong(offset + SOURCE_TAGGED_OFFSET);
    }

    public ReadRequestHeader sourceTaggedOffset(long taggedOffset) {
        buffer.putLong(offset + SOURCE_TAGGED_OFFSET, taggedOffset);
        return this;
    }
}
