package io.verbena.verbs;

import java.util.List;
import java.util.Map;

/**
 * The adapter's buffer pool at one moment (SYS-POOL): who has its buffers, and what for.
 *
 * <p>The pool has <em>buffers</em> of one size. Some of them may be split into <em>small buffers</em> of equal size, which are
 * then given out one by one. At every moment
 *
 * <pre>
 * made      = free + owned + split
 * smallMade = smallFree + smallOwned
 * made      = free + transmit + receive
 * </pre>
 *
 * <p>The numbers of one snapshot are of one moment. Who has a buffer and what for may be a moment older or newer where the
 * buffer passes between a loop and its queue pairs meanwhile. Immutable.
 *
 * @param bufferOctets size of a buffer
 * @param smallOctets size of a small buffer
 * @param capacity the most buffers there can be
 * @param made buffers whose memory was taken from the system so far
 * @param free buffers of these that nobody has
 * @param split buffers of these that are split into small ones
 * @param smallMade small buffers in all buffers that are split
 * @param smallFree small buffers that nobody has
 * @param transmit buffers that are out for octets on their way out, split ones included
 * @param receive buffers that are out for octets that have arrived, split ones included
 * @param holdings what each loop and queue pair has that has anything
 * @param uses how many buffers, small ones too, are used for what; one that is used for several things counts for each.
 *     Without uses of which there is none
 * @param waiting streams that wait for a buffer
 * @param waits how often a stream had to wait since the device was opened
 * @param refusals how often a transfer through a buffer was refused since the device was opened (SYS-POOL-03)
 */
public record BufferPoolSnapshot(
        int bufferOctets,
        int smallOctets,
        int capacity,
        int made,
        int free,
        int split,
        int smallMade,
        int smallFree,
        int transmit,
        int receive,
        List<Holding> holdings,
        Map<BufferUse, Integer> uses,
        int waiting,
        long waits,
        long refusals) {

    /** Takes copies. */
    public BufferPoolSnapshot {
        holdings = List.copyOf(holdings);
        uses = Map.copyOf(uses);
    }

    /**
     * What one owner has.
     *
     * @param loop whether the owner is an event loop; else it is a queue pair
     * @param number the loop's index or the queue pair's number
     * @param buffers buffers that it has
     * @param smallBuffers small buffers that it has
     */
    public record Holding(boolean loop, int number, int buffers, int smallBuffers) {}

    /** Returns the buffers that loops and queue pairs have. */
    public int owned() {
        return made - free - split;
    }

    /** Returns the small buffers that loops and queue pairs have. */
    public int smallOwned() {
        return smallMade - smallFree;
    }

    /** Returns the buffers that loops keep for their streams. */
    public int ownedByLoops() {
        return holdings.stream()
                .filter(Holding::loop)
                .mapToInt(Holding::buffers)
                .sum();
    }

    /** Returns the buffers that queue pairs have. */
    public int ownedByQueuePairs() {
        return holdings.stream()
                .filter(each -> !each.loop())
                .mapToInt(Holding::buffers)
                .sum();
    }

    /** Returns what a queue pair has; nothing if it is unknown. */
    public Holding queuePair(int number) {
        return holdings.stream()
                .filter(each -> !each.loop() && each.number() == number)
                .findFirst()
                .orElse(new Holding(false, number, 0, 0));
    }

    /** Returns how many buffers, small ones too, are used for {@code use}. */
    public int used(BufferUse use) {
        return uses.getOrDefault(use, 0);
    }
}
