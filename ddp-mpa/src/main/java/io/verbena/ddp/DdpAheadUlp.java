package io.verbena.ddp;

/**
 * The layer above DDP, asked about segments that come ahead of the stream. It must change nothing but the octets that the
 * segment brings: whatever else the segment means counts in its turn, when {@link DdpUlp} hears of it.
 *
 * <p>Thread rule: the stream's loop.
 */
public interface DdpAheadUlp {
    /** What is to become of a segment that came ahead. */
    enum Decision {
        /** Its payload is placed now, where {@link #placement()} says. */
        PLACE,
        /** It is kept as it is and placed in its turn: a short message of control. */
        KEEP,
        /**
         * It is not taken. It comes again, at the latest in its turn, and is judged then: so what is wrong with it acts only
         * when everything before it is delivered (RFC 5041 section 7.1).
         */
        REFUSE
    }

    /**
     * A segment has come ahead.
     *
     * @param messagesAhead of an untagged segment: how many messages of its queue are not delivered and come before it
     */
    Decision onSegmentAhead(DdpSegment segment, int messagesAhead);

    /** Returns where the payload goes of the segment that was answered with {@link Decision#PLACE}. */
    PlacementTarget placement();
}
