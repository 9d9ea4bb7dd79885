package io.verbena.ddp;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.ddp.wire.UntaggedHeader;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Segments that have arrived ahead of the stream: checked and placed at once, delivered in order when the stream reaches them
 * (RFC 5041 sections 5.3 and 5.4).
 *
 * <p>There is one judge of segments, {@link DdpReceiver}, and it sees every segment exactly once and in the order of the
 * stream. What happens here is only that payload gets to its place earlier: the header is kept, and in its turn the
 * receiver goes through it as if it had come then, except that it copies nothing. A segment that cannot be placed now,
 * for whatever reason, is not taken and comes again in its turn. So an error found ahead acts only then, the first in the
 * order of the stream wins, and for a segment in error nothing is placed.
 *
 * <p>At most {@link #MAX_SEGMENTS} are held; what comes beyond is not taken.
 *
 * <p>Thread rule: the stream's loop. Memory grows to the most that was held at one time and is used again.
 */
public final class AheadSegments {
    /** The most segments that are held for one stream. */
    public static final int MAX_SEGMENTS = 1024;

    /** The longest segment that is kept whole; control messages are shorter. */
    public static final int MAX_KEPT_OCTETS = 256;

    private final DdpReceiver receiver;
    private final DdpAheadUlp ulp;
    private final DdpSegment segment = new DdpSegment();

    /** Ordered by position; behind the first {@link #count} are records to be used again. */
    private Held[] held = new Held[16];

    private int count;

    /**
     * Makes a place for the segments of one stream.
     *
     * @param receiver judges and delivers them in their turn
     */
    public AheadSegments(DdpReceiver receiver, DdpAheadUlp ulp) {
        this.receiver = receiver;
        this.ulp = ulp;
    }

    /** Returns how many are held. */
    public int count() {
        return count;
    }

    /**
     * A segment has come ahead of the stream.
     *
     * @param position octets of the stream before its FPDU
     * @param lent holds the segment from {@code offset} on; valid during the call
     * @return whether it was taken; false: it has to come again
     */
    public boolean onSegment(long position, ByteBuffer lent, int offset, int segmentOctets) {
        int at = place(position);
        if (at < count && held[at].position == position) {
            // A duplicate: it is where it belongs.
            return true;
        }
        if (count == MAX_SEGMENTS) {
            return false;
        }
        if (!segment.read(lent, offset, segmentOctets) || segment.version() != DdpControl.VERSION) {
            return false;
        }
        segment.arrived(DdpSegment.Arrival.AHEAD, position);
        int messagesAhead = segment.tagged() ? 0 : messagesAhead();
        if (messagesAhead < 0) {
            return false;
        }
        return switch (ulp.onSegmentAhead(segment, messagesAhead)) {
            case REFUSE -> false;
            case KEEP -> keep(at, position, lent, offset);
            case PLACE -> {
                int payload = segment.payloadOctets();
                boolean placed = payload == 0 || ulp.placement().place(lent, offset + segment.headerOctets(), payload);
                if (placed) {
                    insert(at).set(position, lent, offset, segmentOctets, false);
                }
                yield placed;
            }
        };
    }

    private int messagesAhead() {
        return DdpReceiver.isQueue(segment.queueNumber())
                ? segment.messageSequenceNumber() - receiver.expectedSequence(segment.queueNumber())
                : -1;
    }

    private boolean keep(int at, long position, ByteBuffer lent, int offset) {
        if (segment.segmentOctets() > MAX_KEPT_OCTETS) {
            return false;
        }
        insert(at).set(position, lent, offset, segment.segmentOctets(), true);
        return true;
    }

    /**
     * The stream has come to {@code position}: delivers, in order, what is held before it.
     *
     * @return whether all is done; false: a segment has to wait, and this is to be called again with the same position
     */
    public boolean onStreamReached(long position) {
        while (count > 0 && held[0].position < position) {
            int outcome = deliver(held[0]);
            if (outcome == DdpReceiver.LATER) {
                return false;
            }
            if (outcome == DdpReceiver.REFUSED) {
                clear();
            } else if (count > 0) {
                removeFirst();
            }
        }
        return true;
    }

    private int deliver(Held next) {
        if (!next.whole) {
            return receiver.onReached(next.octets, next.count, next.segmentOctets, next.position);
        }
        // It is placed only now, like any segment whose turn it is.
        int header = receiver.onSegmentBegin(next.octets, 0, next.count, next.segmentOctets);
        if (header < 0) {
            return header;
        }
        int payload = next.segmentOctets - header;
        boolean goesOn = (payload == 0 || receiver.onPayload(next.octets, header, payload)) && receiver.onSegmentEnd();
        return goesOn ? DdpReceiver.GOES_ON : DdpReceiver.REFUSED;
    }

    /** Forgets what is held: the stream takes no more segments. */
    public void clear() {
        count = 0;
    }

    /** Returns the index of the first segment at or behind {@code position}. */
    private int place(long position) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (held[middle].position < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Makes room at an index and returns the record to be filled there. */
    private Held insert(int at) {
        if (count == held.length) {
            held = Arrays.copyOf(held, Math.min(MAX_SEGMENTS, 2 * count));
        }
        Held record = held[count] == null ? new Held() : held[count];
        System.arraycopy(held, at, held, at + 1, count - at);
        held[at] = record;
        count++;
        return record;
    }

    private void removeFirst() {
        Held first = held[0];
        count--;
        System.arraycopy(held, 1, held, 0, count);
        held[count] = first;
    }

    /** A segment that waits for its turn: its beginning if its payload was placed, or all of it. */
    private static final class Held {
        private long position;
        private int segmentOctets;
        private boolean whole;
        private int count;
        private ByteBuffer octets = ByteBuffer.allocate(UntaggedHeader.OCTETS);

        void set(long streamPosition, ByteBuffer lent, int offset, int total, boolean keepWhole) {
            position = streamPosition;
            segmentOctets = total;
            whole = keepWhole;
            count = keepWhole ? total : Math.min(total, UntaggedHeader.OCTETS);
            if (octets.capacity() < count) {
                octets = ByteBuffer.allocate(MAX_KEPT_OCTETS);
            }
            octets.put(0, lent, offset, count);
        }
    }
}
