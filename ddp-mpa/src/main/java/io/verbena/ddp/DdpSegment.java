package io.verbena.ddp;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.TaggedHeader;
import io.verbena.ddp.wire.UntaggedHeader;
import java.nio.ByteBuffer;

/**
 * The header of the segment that is being received, read out once, and a copy of its octets for error reports.
 *
 * <p>Thread rule: the stream's loop. One per stream, reused.
 */
public final class DdpSegment {
    /** When a segment comes, seen from the stream that it is a part of. */
    public enum Arrival {
        /** The stream ends where it begins: the one kind there is over TCP. */
        NEXT,
        /** Something before it is missing; it may be placed, and is delivered in its turn. */
        AHEAD,
        /** It came ahead and was placed then; now the stream has reached it, and it is delivered. */
        REACHED
    }

    /** Stream position of a segment that did not come ahead: nobody counts there. */
    public static final long NO_POSITION = -1;

    private final ByteBuffer header = ByteBuffer.allocate(UntaggedHeader.OCTETS);
    private final TaggedHeader taggedView = new TaggedHeader();
    private final UntaggedHeader untaggedView = new UntaggedHeader();

    private int segmentOctets;
    private int headerOctets;
    private boolean tagged;
    private boolean last;
    private int version;
    private int ulpControl;
    private int ulpWord;
    private int stag;
    private long taggedOffset;
    private int queueNumber;
    private int messageSequenceNumber;
    private int messageOffset;
    private Arrival arrival = Arrival.NEXT;
    private long streamPosition = NO_POSITION;

    /**
     * Reads the header at {@code offset}.
     *
     * @param borrowed holds the header or the whole segment, whichever is shorter
     * @return whether the segment is long enough to have a header
     */
    boolean read(ByteBuffer borrowed, int offset, int octets) {
        segmentOctets = octets;
        int control = octets < 1 ? 0 : borrowed.get(offset);
        int needed = DdpControl.headerOctets(control);
        headerOctets = Math.min(needed, octets);
        tagged = DdpControl.isTagged(control);
        last = DdpControl.isLast(control);
        version = DdpControl.version(control);
        if (octets < needed) {
            keepPart(borrowed, offset);
            readFields(header, 0);
            return false;
        }
        if (tagged) {
            keepTagged(borrowed, offset);
        } else {
            keepUntagged(borrowed, offset);
        }
        readFields(borrowed, offset);
        return true;
    }

    /** What is missing of a header reads as zero, and never as what the segment before had there. */
    private void keepPart(ByteBuffer borrowed, int offset) {
        header.put(0, borrowed, offset, headerOctets);
        for (int i = headerOctets; i < UntaggedHeader.OCTETS; i++) {
            header.put(i, (byte) 0);
        }
    }

    // Whole headers are kept word by word, the words overlap, and nothing is read back from there: a call that copies
    // so few
    // octets costs more than the rest, and so does reading words of what was written octet by octet a moment ago.

    private void keepTagged(ByteBuffer borrowed, int offset) {
        header.putLong(0, borrowed.getLong(offset));
        header.putLong(TaggedHeader.OCTETS - Long.BYTES, borrowed.getLong(offset + TaggedHeader.OCTETS - Long.BYTES));
        header.putInt(TaggedHeader.OCTETS, 0);
    }

    private void keepUntagged(ByteBuffer borrowed, int offset) {
        header.putLong(0, borrowed.getLong(offset));
        header.putLong(Long.BYTES, borrowed.getLong(offset + Long.BYTES));
        header.putLong(
                UntaggedHeader.OCTETS - Long.BYTES, borrowed.getLong(offset + UntaggedHeader.OCTETS - Long.BYTES));
    }

    private void readFields(ByteBuffer from, int offset) {
        if (tagged) {
            readTagged(from, offset);
        } else {
            readUntagged(from, offset);
        }
    }

    /** Says when it came; holds until it is said of the next segment. */
    void arrived(Arrival when, long position) {
        arrival = when;
        streamPosition = position;
    }

    private void readTagged(ByteBuffer from, int offset) {
        taggedView.wrap(from, offset);
        ulpControl = taggedView.ulpControl();
        ulpWord = 0;
        stag = taggedView.stag();
        taggedOffset = taggedView.taggedOffset();
        queueNumber = 0;
        messageSequenceNumber = 0;
        messageOffset = 0;
    }

    private void readUntagged(ByteBuffer from, int offset) {
        untaggedView.wrap(from, offset);
        ulpControl = untaggedView.ulpControl();
        ulpWord = untaggedView.ulpWord();
        stag = 0;
        taggedOffset = 0;
        queueNumber = untaggedView.queueNumber();
        messageSequenceNumber = untaggedView.messageSequenceNumber();
        messageOffset = untaggedView.messageOffset();
    }

    /** Returns when it came. */
    public Arrival arrival() {
        return arrival;
    }

    /** Returns whether it came ahead of the stream, and the stream has not reached it. */
    public boolean ahead() {
        return arrival == Arrival.AHEAD;
    }

    /**
     * Returns the octets of the stream before its FPDU, from the beginning of the connection on, or {@link #NO_POSITION} of a
     * segment that is the next one.
     */
    public long streamPosition() {
        return streamPosition;
    }

    /** Returns the length of the whole segment (ULPDU_Length). */
    public int segmentOctets() {
        return segmentOctets;
    }

    /** Returns the buffer whose first {@link #headerOctets()} octets are the DDP header as received. */
    public ByteBuffer header() {
        return header;
    }

    /** Returns the octets of header that are there: 14, 18, or less if the segment was too short. */
    public int headerOctets() {
        return headerOctets;
    }

    /** Returns the octets behind the DDP header. */
    public int payloadOctets() {
        return segmentOctets - headerOctets;
    }

    /** Returns whether it is tagged. */
    public boolean tagged() {
        return tagged;
    }

    /** Returns whether it is the last of its message. */
    public boolean last() {
        return last;
    }

    /** Returns the DDP version. */
    public int version() {
        return version;
    }

    /** Returns the octet reserved for the layer above, as received. */
    public int ulpControl() {
        return ulpControl;
    }

    /** Returns the word reserved for the layer above (untagged only), as received. */
    public int ulpWord() {
        return ulpWord;
    }

    /** Returns the STag (tagged only). */
    public int stag() {
        return stag;
    }

    /** Returns the Tagged Offset (tagged only), unsigned. */
    public long taggedOffset() {
        return taggedOffset;
    }

    /** Returns the queue number (untagged only), unsigned. */
    public int queueNumber() {
        return queueNumber;
    }

    /** Returns the message sequence number (untagged only), unsigned. */
    public int messageSequenceNumber() {
        return messageSequenceNumber;
    }

    /** Returns the message offset (untagged only), unsigned. */
    public int messageOffset() {
        return messageOffset;
    }
}
