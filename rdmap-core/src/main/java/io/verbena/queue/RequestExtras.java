package io.verbena.queue;

import io.verbena.verbs.PreparedAccess;
import io.verbena.verbs.SendRequest;

/**
 * What only some requests of a send queue carry, by slot: the operands of atomic operations and Immediate Data, and the memory
 * to be made accessible. The arrays are made when the first such request is posted.
 *
 * <p>Thread rule: {@link #store} by the thread that claimed the slot; the rest on the loop that owns the queue pair.
 */
final class RequestExtras {
    private static final int WORDS = 4;
    private static final int DATA = 0;
    private static final int DATA_MASK = 1;
    private static final int COMPARE = 2;
    private static final int COMPARE_MASK = 3;

    private final int depth;
    private volatile long[] operands;
    private volatile PreparedAccess[] prepared;

    RequestExtras(int depth) {
        this.depth = depth;
    }

    /** Keeps what the request carries beyond the usual. */
    void store(int slot, SendRequest borrowed) {
        if (borrowed.operation().isAtomic() || borrowed.operation().isImmediate()) {
            long[] words = operands();
            int at = WORDS * slot;
            words[at + DATA] = borrowed.data();
            words[at + DATA_MASK] = borrowed.dataMask();
            words[at + COMPARE] = borrowed.compare();
            words[at + COMPARE_MASK] = borrowed.compareMask();
        }
        if (borrowed.prepared() != null) {
            preparedAccesses()[slot] = borrowed.prepared();
        }
    }

    private long[] operands() {
        long[] words = operands;
        if (words == null) {
            synchronized (this) {
                words = operands;
                if (words == null) {
                    words = new long[WORDS * depth];
                    operands = words;
                }
            }
        }
        return words;
    }

    private PreparedAccess[] preparedAccesses() {
        PreparedAccess[] all = prepared;
        if (all == null) {
            synchronized (this) {
                all = prepared;
                if (all == null) {
                    all = new PreparedAccess[depth];
                    prepared = all;
                }
            }
        }
        return all;
    }

    /** Lets go of what a slot held, so that a free slot keeps no memory alive. */
    void clear(int slot) {
        PreparedAccess[] all = prepared;
        if (all != null && all[slot] != null) {
            all[slot] = null;
        }
    }

    /** Returns the memory to be made accessible, or null. */
    PreparedAccess prepared(int slot) {
        PreparedAccess[] all = prepared;
        return all == null ? null : all[slot];
    }

    long data(int slot) {
        return operands[WORDS * slot + DATA];
    }

    long dataMask(int slot) {
        return operands[WORDS * slot + DATA_MASK];
    }

    long compare(int slot) {
        return operands[WORDS * slot + COMPARE];
    }

    long compareMask(int slot) {
        return operands[WORDS * slot + COMPARE_MASK];
    }
}
