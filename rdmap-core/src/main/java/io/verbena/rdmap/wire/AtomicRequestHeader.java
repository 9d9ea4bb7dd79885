package io.verbena.rdmap.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * View of the RDMAP header of an Atomic Request (RFC 7306 section 5.2.1).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------------------------------+-------+
 *  | Reserved                                              |AOpCode|   +0
 *  +-------------------------------------------------------+-------+
 *  | Request Identifier                                            |   +4
 *  +---------------------------------------------------------------+
 *  | Remote STag                                                   |   +8
 *  +---------------------------------------------------------------+
 *  | Remote TO (64 bits)                                           |  +12
 *  +---------------------------------------------------------------+
 *  | Add or Swap Data (64 bits)                                    |  +20
 *  +---------------------------------------------------------------+
 *  | Add or Swap Mask (64 bits)                                    |  +28
 *  +---------------------------------------------------------------+
 *  | Compare Data (64 bits)                                        |  +36
 *  +---------------------------------------------------------------+
 *  | Compare Mask (64 bits)                                        |  +44
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>Used by one thread. The buffer is lent until the next {@code wrap} and has to be big-endian. Total once
 * {@code fits} was true.
 */
public final class AtomicRequestHeader {
    /** Offset of the word whose low four bits are the operation code. */
    public static final int OPERATION = 0;

    /** Offset of the request identifier. */
    public static final int REQUEST_IDENTIFIER = OPERATION + 4;

    /** Offset of the target's STag. */
    public static final int REMOTE_STAG = REQUEST_IDENTIFIER + 4;

    /** Offset of the target's tagged offset. */
    public static final int REMOTE_TAGGED_OFFSET = REMOTE_STAG + 4;

    /** Offset of the addend or the new value. */
    public static final int ADD_OR_SWAP_DATA = REMOTE_TAGGED_OFFSET + 8;

    /** Offset of the field boundaries or the bits to replace. */
    public static final int ADD_OR_SWAP_MASK = ADD_OR_SWAP_DATA + 8;

    /** Offset of the expected value. */
    public static final int COMPARE_DATA = ADD_OR_SWAP_MASK + 8;

    /** Offset of the bits to compare. */
    public static final int COMPARE_MASK = COMPARE_DATA + 8;

    /** Octets of the header. */
    public static final int OCTETS = COMPARE_MASK + 8;

    /** Octets of memory that an atomic operation works on. */
    public static final int TARGET_OCTETS = 8;

    /** What a Fetch-Add carries in the compare mask it does not use. */
    public static final long UNUSED_COMPARE_MASK = -1L;

    private ByteBuffer buffer;
    private int offset;

    /** Creates a view of nothing; {@code wrap} comes next. */
    public AtomicRequestHeader() {}

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
    public AtomicRequestHeader wrap(ByteBuffer lent, int newOffset) {
        assert lent.order() == ByteOrder.BIG_ENDIAN : "wire views need a big-endian buffer";
        buffer = lent;
        offset = newOffset;
        return this;
    }

    /**
     * The operation.
     *
     * @return its row, or null if the code is not assigned
     */
    public AtomicOperation operation() {
        return AtomicOperation.of(buffer.getInt(offset + OPERATION));
    }

    public AtomicRequestHeader operation(AtomicOperation operation) {
        buffer.putInt(offset + OPERATION, operation.value());
        return this;
    }

    public int requestIdentifier() {
        return buffer.getInt(offset + REQUEST_IDENTIFIER);
    }

    public AtomicRequestHeader requestIdentifier(int identifier) {
        buffer.putInt(offset + REQUEST_IDENTIFIER, identifier);
        return this;
    }

    public int remoteStag() {
        return buffer.getInt(offset + REMOTE_STAG);
    }

    public AtomicRequestHeader remoteStag(int stag) {
        buffer.putInt(offset + REMOTE_STAG, stag);
        return this;
    }

    public long remoteTaggedOffset() {
        return buffer.getLong(offset + REMOTE_TAGGED_OFFSET);
    }

    public AtomicRequestHeader remoteTaggedOffset(long taggedOffset) {
        buffer.putLong(offset + REMOTE_TAGGED_OFFSET, taggedOffset);
        return this;
    }

    public long addOrSwapData() {
        return buffer.getLong(offset + ADD_OR_SWAP_DATA);
    }

    public AtomicRequestHeader addOrSwapData(long data) {
        buffer.putLong(offset + ADD_OR_SWAP_DATA, data);
        return this;
    }

    public long addOrSwapMask() {
        return buffer.getLong(offset + ADD_OR_SWAP_MASK);
    }

    public AtomicRequestHeader addOrSwapMask(long mask) {
        buffer.putLong(offset + ADD_OR_SWAP_MASK, mask);
        return this;
    }

    public long compareData() {
        return buffer.getLong(offset + COMPARE_DATA);
    }

    public AtomicRequestHeader compareData(long data) {
        buffer.putLong(offset + COMPARE_DATA, data);
        return this;
    }

    public long compareMask() {
        return buffer.getLong(offset + COMPARE_MASK);
    }

    public AtomicRequestHeader compareMask(long mask) {
        buffer.putLong(offset + COMPARE_MASK, mask);
        return this;
    }
}
