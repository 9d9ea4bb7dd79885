package io.verbena.verbs;

/**
 * How many receives of a shared receive queue may be held by messages that have arrived ahead of order (SYS-SRQ-08): those of a
 * lower layer that hands segments up before the stream has come to them (RFC 5041 section 3). TCP through a socket never does.
 *
 * <p>A message ahead needs a receive for itself and for each message before it that has not begun. Beyond a cap nothing is
 * drawn and the segment is not taken: the sender's transport sends it again.
 *
 * @param perQueue the most for all queue pairs together; 0: nothing is placed ahead of order
 * @param perQueuePair the most for each queue pair
 * @param withinLimit whether they count as part of the queue pair's limit from the beginning. If not, the limit is compared when
 *     it is the turn of the message, which is refused then if it is beyond
 */
public record AheadReceives(int perQueue, int perQueuePair, boolean withinLimit) {
    /** Returns caps of 0: messages ahead of order draw nothing and wait for their turn. */
    public static AheadReceives none() {
        return new AheadReceives(0, 0, true);
    }

    /** Returns caps for receives that are part of the queue pair's limit. */
    public static AheadReceives withinLimit(int perQueue, int perQueuePair) {
        return new AheadReceives(perQueue, perQueuePair, true);
    }

    /** Returns caps for receives that do not count to the queue pair's limit before their turn. */
    public static AheadReceives onTheirOwn(int perQueue, int perQueuePair) {
        return new AheadReceives(perQueue, perQueuePair, false);
    }
}
