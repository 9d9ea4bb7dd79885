package io.verbena.ddp;

/**
 * Serial arithmetic on message sequence numbers, which count modulo 2<sup>32</sup> and start with 1 (RFC 5041 section
 * 4.3). Pure functions: any thread.
 */
public final class MessageSequence {
    /** Number of the first message of every queue in every direction. */
    public static final int FIRST = 1;

    private MessageSequence() {}

    /**
     * Number of the message behind this one; 0 follows 0xFFFFFFFF.
     *
     * @param messageSequenceNumber any number
     * @return the next one
     */
    public static int next(int messageSequenceNumber) {
        return messageSequenceNumber + 1;
    }

    /**
     * Tells whether one number comes later than another, taking the shorter way round.
     *
     * @param messageSequenceNumber number to place
     * @param reference number to compare with
     * @return true if it is 1 to 2<sup>31</sup> - 1 messages behind the reference
     */
    public static boolean isAfter(int messageSequenceNumber, int reference) {
        return messageSequenceNumber - reference > 0;
    }

    /**
     * Messages from one number to another.
     *
     * @param from earlier number
     * @param to later number
     * @return signed distance, negative if {@code to} comes first
     */
    public static int distance(int from, int to) {
        return to - from;
    }
}
