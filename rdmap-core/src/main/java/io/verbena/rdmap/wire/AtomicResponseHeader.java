package io.verbena.rdmap.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * View of the RDMAP header of an Atomic Response (RFC 7306 section 5.2.2; 12 octets as in its figure 6, although section
 * 4 speaks of 32).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  | Original Request Identifier                                   |   +0
 *  +---------------------------------------------------------------+
 *  | Original Remote Data Value                                    |   +4
 *  |                                                               |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>Used by one thread. The buffer is lent until the next {@code wrap} and has to be big-endian. Total once
 * {@code fits} was true.
 */
public final class AtomicResponseHeader {
    /** Offset of the identifier of the request. */
    public static final int ORIGINAL_REQUEST_IDENTIFIER = 0;

    /** Offset of the value found before the operation. */
    public static final int ORIGINAL_REMOTE_DATA = ORIGINAL_REQUEST_IDENTIFIER + 4;

    /** Octets of the header. */
    public static final int OCTETS = ORIGINAL_REMOTE_DATA + 8;

    private ByteBuffer buffer;
    private int offset;

    /** Creates a view of nothing; {@code wrap} comes next. */
    public AtomicResponseHeader() {}

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
    public AtomicResponseHeader wrap(ByteBuffer lent, int newOffset) {
        assert lent.order() == ByteOrder.BIG_ENDIAN : "wire views need a big-endian buffer";
        buffer = lent;
        offset = newOffset;
        return this;
    }

    public int originalRequestIdentifier() {
        return buffer.getInt(offset + ORIGINAL_REQUEST_IDENTIFIER);
    }

    public AtomicResponseHeader originalRequestIdentifier(int identifier) {
        buffer.putInt(offset + ORIGINAL_REQUEST_IDENTIFIER, identifier);
        return this;
    }

    public long originalRemoteData() {
        return buffer.getLong(offset + ORIGINAL_REMOTE_DATA);
    }

    public AtomicResponseHeader originalRemoteData(long data) {
        buffer.putLong(offset + ORIGINAL_REMOTE_DATA, data);
        return this;
    }
}
