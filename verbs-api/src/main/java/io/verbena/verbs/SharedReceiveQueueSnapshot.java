package io.verbena.verbs;

import java.util.List;

/**
 * What a shared receive queue was at one moment (verb: Query Shared Receive Queue). It is a true moment: always
 * {@code posted = free + held} (SYS-SRQ-09).
 *
 * @param number its number on the device
 * @param protectionDomain number of its protection domain
 * @param depth receives that it holds at most
 * @param maxElements scatter-gather elements of a receive
 * @param posted receives on it: those that wait for a message, and those that queue pairs hold
 * @param free receives that wait for a message
 * @param lowWatermark the watermark that was set last
 * @param armed whether falling below the watermark will raise an event
 * @param holders the queue pairs that use it, in the order of their creation
 */
public record SharedReceiveQueueSnapshot(
        int number,
        int protectionDomain,
        int depth,
        int maxElements,
        int posted,
        int free,
        int lowWatermark,
        boolean armed,
        List<ReceiveHolder> holders) {
    /** Copies the list. */
    public SharedReceiveQueueSnapshot {
        holders = List.copyOf(holders);
    }

    /** Returns how many receives all queue pairs together hold. */
    public int held() {
        return holders.stream().mapToInt(ReceiveHolder::held).sum();
    }

    /** Returns how many of these are for messages that have arrived ahead of order. */
    public int ahead() {
        return holders.stream().mapToInt(ReceiveHolder::ahead).sum();
    }

    /**
     * Returns the entry of a queue pair.
     *
     * @throws IllegalArgumentException if it does not use this queue
     */
    public ReceiveHolder holder(int queuePairNumber) {
        return holders.stream()
                .filter(holder -> holder.queuePairNumber() == queuePairNumber)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "queue pair " + queuePairNumber + " does not use shared receive queue " + number));
    }
}
