package io.verbena.ddp;

import io.verbena.mpa.FpduCrc;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The layer above DDP as a model of memory: a buffer for every untagged message, known by queue and number, and one for all
 * tagged ones. It takes segments in their turn and ahead of it.
 */
final class MemoryModel implements DdpUlp, DdpAheadUlp {
    static final int ROOM = 4096;
    static final int MESSAGES = 64;

    /** What was delivered, in order. */
    final List<String> delivered = new ArrayList<>();

    final byte[] tagged = new byte[1 << 16];
    final byte[][] untagged = new byte[MESSAGES][ROOM];

    /** How many messages of queue 0 have a buffer. */
    int posted = MESSAGES;

    String error;
    int placedAhead;

    private final Place place = new Place();

    @Override
    public boolean onSegmentHeader(DdpSegment segment, ByteBuffer lent, int offset, int available) {
        return true;
    }

    @Override
    public PlacementTarget resolveTagged(DdpSegment segment) {
        return place.at(tagged, segment.taggedOffset());
    }

    @Override
    public long onMessageBegin(DdpSegment segment) {
        return segment.messageSequenceNumber() - 1 < posted ? ROOM : NO_BUFFER;
    }

    @Override
    public PlacementTarget resolveUntagged(DdpSegment segment) {
        return place.at(untagged[segment.messageSequenceNumber() - 1], segment.messageOffset());
    }

    @Override
    public boolean onDelivered(DdpSegment segment, long messageOctets) {
        delivered.add(
                segment.tagged()
                        ? "tagged to " + (segment.taggedOffset() + segment.payloadOctets())
                        : "untagged " + segment.messageSequenceNumber() + " of " + messageOctets);
        return true;
    }

    @Override
    public void onSegmentPlaced(DdpSegment segment) {
        // Placing is seen in memory.
    }

    @Override
    public void onSegmentError(DdpError refusal, DdpSegment segment) {
        error = refusal + " at message " + segment.messageSequenceNumber();
    }

    @Override
    public void onMessageCutShort(DdpSegment segment) {
        error = "cut short by message " + segment.messageSequenceNumber();
    }

    @Override
    public Decision onSegmentAhead(DdpSegment segment, int messagesAhead) {
        if (segment.tagged()) {
            placedAhead++;
            place.at(tagged, segment.taggedOffset());
            return Decision.PLACE;
        }
        int number = segment.messageSequenceNumber() - 1;
        if (number >= posted || segment.messageOffset() + segment.payloadOctets() > ROOM) {
            return Decision.REFUSE;
        }
        if (segment.last() && segment.messageOffset() == 0 && segment.payloadOctets() < 20) {
            return Decision.KEEP;
        }
        placedAhead++;
        place.at(untagged[number], segment.messageOffset());
        return Decision.PLACE;
    }

    @Override
    public PlacementTarget placement() {
        return place;
    }

    /** Copies to an array. */
    private static final class Place implements PlacementTarget {
        private byte[] octets;
        private int next;

        Place at(byte[] array, long offset) {
            octets = array;
            next = (int) offset;
            return this;
        }

        @Override
        public boolean place(ByteBuffer lent, int offset, int count) {
            lent.get(offset, octets, next, count);
            next += count;
            return true;
        }

        @Override
        public void skip(int count) {
            next += count;
        }

        @Override
        public int targets(ByteBuffer[] lent, int from, int limit, int count) {
            throw new AssertionError("segments come whole");
        }

        @Override
        public void placed(int count, FpduCrc crc) {
            throw new AssertionError("segments come whole");
        }
    }
}
