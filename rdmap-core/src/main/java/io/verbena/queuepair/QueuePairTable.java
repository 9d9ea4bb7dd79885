package io.verbena.queuepair;

import io.verbena.verbs.LimitExceededException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * The queue pairs of a device by number. Numbers have 24 bits as on any adapter, are never 0 or 1 (which management queue
 * pairs have elsewhere), and are reused as late as possible, so that a late completion or log line is not taken for a newer
 * queue pair's.
 *
 * <p>Thread rule: any thread.
 *
 * @param <Q> the queue pairs
 */
public final class QueuePairTable<Q> {
    /** The smallest number. */
    public static final int FIRST_NUMBER = 2;

    /** The largest number. */
    public static final int LAST_NUMBER = 0xFF_FFFF;

    private final int maxQueuePairs;
    private final Int2ObjectHashMap<Q> byNumber = new Int2ObjectHashMap<>();
    private int next;

    /**
     * Makes an empty table.
     *
     * @param maxQueuePairs the device's limit
     */
    public QueuePairTable(int maxQueuePairs) {
        this(maxQueuePairs, FIRST_NUMBER);
    }

    QueuePairTable(int maxQueuePairs, int firstNumber) {
        this.maxQueuePairs = Math.min(maxQueuePairs, LAST_NUMBER - FIRST_NUMBER + 1);
        next = firstNumber;
    }

    /**
     * Makes a queue pair and enters it.
     *
     * @param maker makes the queue pair of a number; if it throws, the table is as before
     * @throws LimitExceededException if the device has all the queue pairs it allows
     */
    public synchronized Q create(IntFunction<? extends Q> maker) {
        if (byNumber.size() >= maxQueuePairs) {
            throw new LimitExceededException("the device allows " + maxQueuePairs + " queue pairs");
        }
        while (byNumber.containsKey(next)) {
            next = successor(next);
        }
        Q queuePair = maker.apply(next);
        byNumber.put(next, queuePair);
        next = successor(next);
        return queuePair;
    }

    /** Returns the queue pair of a number, or null. */
    public synchronized Q find(int number) {
        return byNumber.get(number);
    }

    /** Takes a queue pair out; null if there is none of that number. */
    public synchronized Q remove(int number) {
        return byNumber.remove(number);
    }

    /** Returns how many there are. */
    public synchronized int size() {
        return byNumber.size();
    }

    /** Returns those there are now. */
    public synchronized List<Q> all() {
        return new ArrayList<>(byNumber.values());
    }

    private static int successor(int number) {
        return number == LAST_NUMBER ? FIRST_NUMBER : number + 1;
    }
}
