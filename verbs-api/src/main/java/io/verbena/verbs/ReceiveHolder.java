package io.verbena.verbs;

/**
 * What a queue pair has to do with its shared receive queue at one moment.
 *
 * @param queuePairNumber the queue pair
 * @param limit receives that it may hold
 * @param held receives that it holds: drawn for a message and not given back
 * @param drawn receives that it ever drew
 * @param droppedMessages messages that were dropped because it held as many as it may
 * @param droppedOctets octets of these
 * @param ahead receives among those it holds that are for messages ahead of order ({@link AheadReceives})
 * @param refusedAhead segments ahead of order that were not taken, because of a cap or because no receive was left
 */
public record ReceiveHolder(
        int queuePairNumber,
        int limit,
        int held,
        long drawn,
        long droppedMessages,
        long droppedOctets,
        int ahead,
        long refusedAhead) {
    /** Returns how many more it may draw; 0 also if its limit was lowered below what it holds. */
    public int remaining() {
        return Math.max(0, limit - held);
    }
}
