package io.verbena.ddp;

import io.verbena.ddp.wire.DdpControl;
import io.verbena.mpa.FpduCrc;
import io.verbena.mpa.MpaError;
import io.verbena.mpa.SegmentReceiver;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The way in through DDP: reads a segment's header, checks it in the order of RFC 5041 section 7.1, has its payload placed,
 * and delivers messages in the order in which they were sent.
 *
 * <p>RFC 5041 section 5.3: Delivery is in the order of sending, tagged and untagged mixed. The layer below hands segments
 * over in that order, so a message is deliverable when its last segment is placed, and one counter per queue is enough.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing after construction.
 */
public final class DdpReceiver implements SegmentReceiver {
    /** Result of {@link #onReached}: the stream goes on. */
    static final int GOES_ON = 0;

    /** Queues that can be in use: Sends, Read Requests, Terminate, Atomic Responses. */
    private static final int QUEUES = 4;

    private final DdpUlp ulp;
    private final Consumer<MpaError> framingErrors;
    private final DdpSegment segment = new DdpSegment();

    private final int[] expectedSequence = new int[QUEUES];
    private final boolean[] open = new boolean[QUEUES];
    private final long[] arrived = new long[QUEUES];
    private final long[] capacity = new long[QUEUES];
    private final int[] openControl = new int[QUEUES];
    private final int[] openWord = new int[QUEUES];

    private PlacementTarget target;
    private boolean targetsOut;

    /**
     * Creates the receiving half of a DDP stream.
     *
     * @param ulp the layer above
     * @param framingErrors hears of errors of the layer below
     */
    public DdpReceiver(DdpUlp ulp, Consumer<MpaError> framingErrors) {
        this(ulp, framingErrors, MessageSequence.FIRST);
    }

    /** Begins counting at {@code firstSequence}, so that tests see counters wrap. */
    DdpReceiver(DdpUlp ulp, Consumer<MpaError> framingErrors, int firstSequence) {
        this.ulp = ulp;
        this.framingErrors = framingErrors;
        Arrays.fill(expectedSequence, firstSequence);
    }

    /** Returns the number of the message of {@code queue} (0 to 3) that is delivered next; it may have begun. */
    int expectedSequence(int queue) {
        return expectedSequence[queue];
    }

    /** Returns whether a queue number can be in use. */
    static boolean isQueue(int queue) {
        return queue >= 0 && queue < QUEUES;
    }

    /** Returns whether a message of some queue has begun and not ended. */
    public boolean insideMessage() {
        for (boolean begun : open) {
            if (begun) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int onSegmentBegin(ByteBuffer lent, int offset, int available, int segmentOctets) {
        target = null;
        if (!segment.read(lent, offset, segmentOctets)) {
            return refuse(DdpError.SEGMENT_TOO_SHORT);
        }
        if (segment.version() != DdpControl.VERSION) {
            return refuse(segment.tagged() ? DdpError.TAGGED_INVALID_VERSION : DdpError.UNTAGGED_INVALID_VERSION);
        }
        if (!ulp.onSegmentHeader(segment, lent, offset, available)) {
            return REFUSED;
        }
        return segment.tagged() ? beginTagged() : beginUntagged();
    }

    /**
     * The stream has reached a segment whose payload was placed when it came ahead: judges it once more, in its turn, and
     * delivers it.
     *
     * @param lent holds its header from index 0 on, and nothing or some of its payload; valid during the call
     * @param available octets there
     * @param position its stream position
     * @return {@link #GOES_ON}, {@link #REFUSED} or {@link #LATER}
     */
    int onReached(ByteBuffer lent, int available, int segmentOctets, long position) {
        segment.arrived(DdpSegment.Arrival.REACHED, position);
        try {
            int header = onSegmentBegin(lent, 0, available, segmentOctets);
            if (header < 0) {
                return header;
            }
            if (target != null) {
                target.skip(segment.payloadOctets());
            }
            return onSegmentEnd() ? GOES_ON : REFUSED;
        } finally {
            segment.arrived(DdpSegment.Arrival.NEXT, DdpSegment.NO_POSITION);
        }
    }

    private int beginTagged() {
        // RFC 5041 section 5.2: STag and TO of a zero-length segment are not looked at.
        if (segment.payloadOctets() > 0) {
            target = ulp.resolveTagged(segment);
            if (target == null) {
                return REFUSED;
            }
        }
        return segment.headerOctets();
    }

    private int beginUntagged() {
        int queue = segment.queueNumber();
        if (!isQueue(queue)) {
            return refuse(DdpError.UNTAGGED_INVALID_QUEUE_NUMBER);
        }
        boolean goesOn = open[queue] ? continueMessage(queue) : beginMessage(queue);
        if (!goesOn) {
            return ulp.waits() ? LATER : REFUSED;
        }
        int payload = segment.payloadOctets();
        if (arrived[queue] + payload > capacity[queue]) {
            return refuse(DdpError.UNTAGGED_MESSAGE_TOO_LONG);
        }
        if (payload > 0) {
            target = ulp.resolveUntagged(segment);
            if (target == null) {
                return ulp.waits() ? LATER : REFUSED;
            }
        }
        return segment.headerOctets();
    }

    private boolean beginMessage(int queue) {
        if (segment.messageSequenceNumber() != expectedSequence[queue]) {
            refuse(DdpError.UNTAGGED_SEQUENCE_RANGE);
            return false;
        }
        if (segment.messageOffset() != 0) {
            refuse(DdpError.UNTAGGED_INVALID_MESSAGE_OFFSET);
            return false;
        }
        long room = ulp.onMessageBegin(segment);
        if (room == DdpUlp.NO_QUEUE) {
            refuse(DdpError.UNTAGGED_INVALID_QUEUE_NUMBER);
        } else if (room == DdpUlp.NO_BUFFER) {
            refuse(DdpError.UNTAGGED_NO_BUFFER);
        }
        if (room < 0) {
            return false;
        }
        open[queue] = true;
        arrived[queue] = 0;
        capacity[queue] = room;
        openControl[queue] = segment.ulpControl();
        openWord[queue] = segment.ulpWord();
        return true;
    }

    private boolean continueMessage(int queue) {
        int sequence = segment.messageSequenceNumber();
        boolean sameMessage = sequence == expectedSequence[queue];
        if (sequence == MessageSequence.next(expectedSequence[queue])
                || (sameMessage
                        && (segment.ulpControl() != openControl[queue] || segment.ulpWord() != openWord[queue]))) {
            ulp.onMessageCutShort(segment);
            return false;
        }
        if (!sameMessage) {
            refuse(DdpError.UNTAGGED_SEQUENCE_RANGE);
            return false;
        }
        if (Integer.toUnsignedLong(segment.messageOffset()) != arrived[queue]) {
            refuse(DdpError.UNTAGGED_INVALID_MESSAGE_OFFSET);
            return false;
        }
        return true;
    }

    private int refuse(DdpError error) {
        ulp.onSegmentError(error, segment);
        return REFUSED;
    }

    @Override
    public boolean onPayload(ByteBuffer lent, int offset, int octets) {
        return target.place(lent, offset, octets);
    }

    @Override
    public int payloadTargets(ByteBuffer[] lent, int from, int limit, int octets) {
        int count = target.targets(lent, from, limit, octets);
        targetsOut = count > 0;
        return count >= 0 ? count : REFUSED;
    }

    @Override
    public void onPayloadArrived(int octets, FpduCrc crc) {
        if (targetsOut) {
            targetsOut = false;
            target.placed(octets, crc);
        }
    }

    @Override
    public boolean onSegmentEnd() {
        ulp.onSegmentPlaced(segment);
        if (segment.tagged()) {
            return !segment.last() || ulp.onDelivered(segment, 0);
        }
        int queue = segment.queueNumber();
        arrived[queue] += segment.payloadOctets();
        if (!segment.last()) {
            return true;
        }
        open[queue] = false;
        expectedSequence[queue] = MessageSequence.next(expectedSequence[queue]);
        return ulp.onDelivered(segment, arrived[queue]);
    }

    @Override
    public void onFramingError(MpaError error) {
        framingErrors.accept(error);
    }
}
