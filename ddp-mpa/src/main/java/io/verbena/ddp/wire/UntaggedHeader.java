package io.verbena.ddp.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * View of the header of an untagged DDP segment (RFC 5041 section 4.3).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *                                  +-+-+-------+---+---------------+
 *                                  |T|L| Rsvd  | DV| RsvdULP, 1st  |   +0
 *  +-------------------------------+---------------+---------------+
 *  | RsvdULP, 2nd to 5th octet                                     |   +2
 *  +---------------------------------------------------------------+
 *  | QN                                                            |   +6
 *  +---------------------------------------------------------------+
 *  | MSN                                                           |  +10
 *  +---------------------------------------------------------------+
 *  | MO                                                            |  +14
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>The ruler is that of the FPDU, where ULPDU_Length fills the first half of the first word. Used by one thread. The
 * buffer is lent until the next {@code wrap} and has to be big-endian. Total once {@code fits} was true. All fields
 * are unsigned.
 */
public final class UntaggedHeader {
    /** Offset of the DDP control octet. */
    public static final int CONTROL = 0;

    /** Offset of the first octet reserved for the layer above. */
    public static final int ULP_CONTROL = CONTROL + 1;

    /** Offset of the other four octets reserved for the layer above. */
    public static final int ULP_WORD = ULP_CONTROL + 1;

    /** Offset of the queue number. */
    public static final int QUEUE_NUMBER = ULP_WORD + 4;

    /** Offset of the message sequence number. */
    public static final int MESSAGE_SEQUENCE_NUMBER = QUEUE_NUMBER + 4;

    /** Offset of the message offset. */
    public static final int MESSAGE_OFFSET = MESSAGE_SEQUENCE_NUMBER + 4;

    /** Octets of the header; the payload starts here. */
    public static final int OCTETS = MESSAGE_OFFSET + 4;

    private ByteBuffer buffer;
    private int offset;

    /** Creates a view of nothing; {@code wrap} comes next. */
    public UntaggedHeader() {}

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
    public UntaggedHeader wrap(ByteBuffer lent, int newOffset) {
        assert lent.order() == ByteOrder.BIG_ENDIAN : "wire views need a big-endian buffer";
        buffer = lent;
        offset = newOffset;
        return this;
    }

    public int control() {
        return buffer.get(offset + CONTROL) & 0xFF;
    }

    public UntaggedHeader control(int control) {
        buffer.put(offset + CONTROL, (byte) control);
        return this;
    }

    public int ulpControl() {
        return buffer.get(offset + ULP_CONTROL) & 0xFF;
    }

    public UntaggedHeader ulpControl(int ulpControl) {
        buffer.put(offset + ULP_CONTROL, (byte) ulpControl);
        return this;
    }

    public int ulpWord() {
        return buffer.getInt(offset + ULP_WORD);
    }

    public UntaggedHeader ulpWord(int ulpWord) {
        buffer.putInt(offset + ULP_WORD, ulpWord);
        return this;
    }

    public int queueNumber() {
        return buffer.getInt(offset + QUEUE_NUMBER);
    }

    public UntaggedHeader queueNumber(int queueNumber) {
        buffer.putInt(offset + QUEUE_NUMBER, queueNumber);
        return this;
    }

    public int messageSequenceNumber() {
        return buffer.getInt(offset + MESSAGE_SEQUENCE_NUMBER);
    }

    public UntaggedHeader messageSequenceNumber(int messageSequenceNumber) {
        buffer.putInt(offset + MESSAGE_SEQUENCE_NUMBER, messageSequenceNumber);
        return this;
    }

    public int messageOffset() {
        return buffer.getInt(offset + MESSAGE_OFFSET);
    }

    public UntaggedHeader messageOffset(int messageOffset) {
        buffer.putInt(offset + MESSAGE_OFFSET, messageOffset);
        return this;
    }
}
