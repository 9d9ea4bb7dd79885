package io.verbena.rdmap.wire;

import io.verbena.ddp.wire.DdpControl;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * View of a Terminate message behind the DDP header (RFC 5040 section 4.8).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+-------+---------------+-+-+-+-------------------------+
 *  | Layer | EType |  Error Code   |M|D|R|  Reserved               |   +0
 *  +-------+-------+---------------+-+-+-+-------------------------+
 *  | DDP Segment Length (if M)     | Terminated DDP Header (if D)  |   +4
 *  +-------------------------------+  14 or 18 octets              |
 *  |                               ...                             |
 *  +---------------------------------------------------------------+
 *  | Terminated RDMA Header (if R), 28 octets                      |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>Sending: {@link #encode(ByteBuffer, int, TerminateReason)} and its longer sister. Receiving is tolerant: a part that
 * is announced but not there counts as absent, octets behind the announced parts are ignored. Linux siw on a
 * little-endian machine writes the fields of each of the first three octets in reversed order; a message whose control
 * bits give that away is read accordingly, and where only the triple could tell, {@link #alternativeReason()} has the
 * other reading.
 *
 * <p>Used by one thread. The buffer is lent until the next {@code wrap} and has to be big-endian.
 */
public final class TerminateMessage {
    /** Offset of layer and error type. */
    public static final int LAYER_AND_TYPE = 0;

    /** Offset of the error code. */
    public static final int ERROR_CODE = LAYER_AND_TYPE + 1;

    /** Offset of the M, D and R bits. */
    public static final int HEADER_CONTROL = ERROR_CODE + 1;

    /** Octets that every Terminate has. */
    public static final int CONTROL_OCTETS = HEADER_CONTROL + 2;

    /** Offset of the DDP segment length. */
    public static final int SEGMENT_LENGTH = CONTROL_OCTETS;

    /** Offset of the returned DDP header. */
    public static final int DDP_HEADER = SEGMENT_LENGTH + 2;

    /** Octets of the longest Terminate: an untagged DDP header and a Read Request header come back. */
    public static final int MAX_OCTETS = DDP_HEADER + 18 + ReadRequestHeader.OCTETS;

    /** M: the DDP segment length is valid. */
    public static final int SEGMENT_LENGTH_VALID = 0x80;

    /** D: the DDP header follows. */
    public static final int DDP_HEADER_RETURNED = 0x40;

    /** R: the RDMAP header follows. */
    public static final int RDMAP_HEADER_RETURNED = 0x20;

    // The same three bits where siw puts them.
    private static final int SIW_SEGMENT_LENGTH_VALID = 0x01;
    private static final int SIW_DDP_HEADER_RETURNED = 0x02;
    private static final int SIW_RDMAP_HEADER_RETURNED = 0x04;
    private static final int SIW_BITS = SIW_SEGMENT_LENGTH_VALID | SIW_DDP_HEADER_RETURNED | SIW_RDMAP_HEADER_RETURNED;

    private ByteBuffer buffer;
    private int offset;
    private int available;
    private boolean siwOrder;

    /** Creates a view of nothing; {@code wrap} comes next. */
    public TerminateMessage() {}

    /**
     * Tells whether the part that every Terminate has is there.
     *
     * @param available octets at hand behind the DDP header
     * @return true if a message can be wrapped
     */
    public static boolean fits(int available) {
        return available >= CONTROL_OCTETS;
    }

    /**
     * Points the view at a received message.
     *
     * @param lent big-endian buffer, lent until the next call
     * @param newOffset where the DDP header ends
     * @param messageOctets octets of the message from there, for which {@code fits} was true
     * @return this
     */
    public TerminateMessage wrap(ByteBuffer lent, int newOffset, int messageOctets) {
        assert lent.order() == ByteOrder.BIG_ENDIAN : "wire views need a big-endian buffer";
        buffer = lent;
        offset = newOffset;
        available = messageOctets;
        siwOrder = recognizeSiwOrder();
        return this;
    }

    /**
     * Writes a Terminate that brings nothing back.
     *
     * @param borrowed big-endian buffer with room for {@link #CONTROL_OCTETS}
     * @param offset where the DDP header ends
     * @param reason why the stream ends
     * @return octets written
     */
    public static int encode(ByteBuffer borrowed, int offset, TerminateReason reason) {
        borrowed.put(offset + LAYER_AND_TYPE, (byte) (reason.layer() << 4 | reason.errorType()));
        borrowed.put(offset + ERROR_CODE, (byte) reason.errorCode());
        borrowed.putShort(offset + HEADER_CONTROL, (short) 0);
        return CONTROL_OCTETS;
    }

    /**
     * Writes a Terminate with the headers of the offending segment, as far as the segment is long enough to have them.
     *
     * @param borrowed big-endian buffer with room for {@link #MAX_OCTETS}
     * @param offset where the DDP header ends
     * @param reason why the stream ends
     * @param returned what to bring back, usually from {@link TerminateReason#returnedHeaders}
     * @param borrowedSegment buffer with the offending segment; for a Read Request that was answered in part the caller
     *     passes a copy whose Read Request header is advanced (RFC 5040 section 4.8)
     * @param segmentOffset where its DDP control octet is
     * @param segmentOctets length of the segment: ULPDU_Length of its FPDU
     * @return octets written
     */
    public static int encode(
            ByteBuffer borrowed,
            int offset,
            TerminateReason reason,
            ReturnedHeaders returned,
            ByteBuffer borrowedSegment,
            int segmentOffset,
            int segmentOctets) {
        int written = encode(borrowed, offset, reason);
        if (returned == ReturnedHeaders.NONE || segmentOctets < 1) {
            return written;
        }
        int ddpHeaderOctets = DdpControl.headerOctets(borrowedSegment.get(segmentOffset));
        if (segmentOctets < ddpHeaderOctets) {
            return written;
        }
        int headerControl = SEGMENT_LENGTH_VALID | DDP_HEADER_RETURNED;
        int copied = ddpHeaderOctets;
        boolean hasReadRequest = segmentOctets - ddpHeaderOctets >= ReadRequestHeader.OCTETS;
        if (returned == ReturnedHeaders.DDP_AND_RDMAP && hasReadRequest) {
            headerControl |= RDMAP_HEADER_RETURNED;
            copied += ReadRequestHeader.OCTETS;
        }
        borrowed.put(offset + HEADER_CONTROL, (byte) headerControl);
        borrowed.putShort(offset + SEGMENT_LENGTH, (short) segmentOctets);
        borrowed.put(offset + DDP_HEADER, borrowedSegment, segmentOffset, copied);
        return DDP_HEADER + copied;
    }

    public int layer() {
        return siwOrder ? lowNibble() : highNibble();
    }

    public int errorType() {
        return siwOrder ? highNibble() : lowNibble();
    }

    public int errorCode() {
        return buffer.get(offset + ERROR_CODE) & 0xFF;
    }

    /**
     * The reason the peer gives.
     *
     * @return its row, or null if the triple is not registered
     */
    public TerminateReason reason() {
        return TerminateReason.of(layer(), errorType(), errorCode());
    }

    /**
     * What the peer may have meant instead, if it is a siw and its message does not show in which order it writes.
     *
     * @return the row of the other reading, or null if that is not registered, the same, or ruled out
     */
    public TerminateReason alternativeReason() {
        if (headerControl() != 0) {
            return null;
        }
        TerminateReason other = siwOrder ? readAsRfc() : readAsSiw();
        return other == reason() ? null : other;
    }

    /**
     * Tells whether the message is read in the order of Linux siw.
     *
     * @return true if it makes no sense in the order of RFC 5040
     */
    public boolean siwOrder() {
        return siwOrder;
    }

    public boolean hasSegmentLength() {
        return announces(SEGMENT_LENGTH_VALID, SIW_SEGMENT_LENGTH_VALID) && available >= DDP_HEADER;
    }

    /**
     * Length of the offending segment in octets; siw counts its payload only.
     *
     * @return the length, if {@link #hasSegmentLength()}
     */
    public int segmentLength() {
        return buffer.getShort(offset + SEGMENT_LENGTH) & 0xFFFF;
    }

    public boolean hasDdpHeader() {
        return announces(DDP_HEADER_RETURNED, SIW_DDP_HEADER_RETURNED)
                && available > DDP_HEADER
                && available >= DDP_HEADER + ddpHeaderOctets();
    }

    /**
     * Where the returned DDP header is.
     *
     * @return absolute index of its control octet, if {@link #hasDdpHeader()}
     */
    public int ddpHeaderOffset() {
        return offset + DDP_HEADER;
    }

    /**
     * Tells whether the header of the offending Read Request is there.
     *
     * @return false also if R is set without a header behind it, as siw does for Sends
     */
    public boolean hasRdmapHeader() {
        return announces(RDMAP_HEADER_RETURNED, SIW_RDMAP_HEADER_RETURNED)
                && hasDdpHeader()
                && available >= DDP_HEADER + ddpHeaderOctets() + ReadRequestHeader.OCTETS;
    }

    /**
     * Where the returned Read Request header is.
     *
     * @return absolute index of its first octet, if {@link #hasRdmapHeader()}
     */
    public int rdmapHeaderOffset() {
        return ddpHeaderOffset() + ddpHeaderOctets();
    }

    private int ddpHeaderOctets() {
        return DdpControl.headerOctets(buffer.get(ddpHeaderOffset()));
    }

    private boolean recognizeSiwOrder() {
        if ((headerControl() & SIW_BITS) != 0) {
            // Three reserved bits in the RFC, so a sender that sets them is not following it.
            return true;
        }
        return headerControl() == 0 && readAsRfc() == null && readAsSiw() != null;
    }

    private TerminateReason readAsRfc() {
        return TerminateReason.of(highNibble(), lowNibble(), errorCode());
    }

    private TerminateReason readAsSiw() {
        return TerminateReason.of(lowNibble(), highNibble(), errorCode());
    }

    private boolean announces(int bit, int siwBit) {
        return (headerControl() & (siwOrder ? siwBit : bit)) != 0;
    }

    private int headerControl() {
        return buffer.get(offset + HEADER_CONTROL) & 0xFF;
    }

    private int highNibble() {
        return (buffer.get(offset + LAYER_AND_TYPE) & 0xF0) >>> 4;
    }

    private int lowNibble() {
        return buffer.get(offset + LAYER_AND_TYPE) & 0x0F;
    }
}
