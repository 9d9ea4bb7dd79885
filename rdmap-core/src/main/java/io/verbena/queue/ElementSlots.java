package io.verbena.queue;

import io.verbena.verbs.ScatterGatherList;
import java.util.Arrays;

/**
 * The scatter-gather elements of all slots of a work queue, packed into {@code long} arrays.
 *
 * <p>Most requests have one element, so the first of each slot lies in an array of its own; the array for the others comes
 * into being when the first request needs it. A queue pair that has little to do stays small that way.
 *
 * <p>Thread rule: a slot is written by the thread that claimed it and read by the loop after the hand-over through
 * {@link ServiceOrder}.
 */
final class ElementSlots {
    private static final int WORDS = 2;
    private static final int ADDRESS = 0;
    private static final int STAG_AND_LENGTH = 1;
    private static final long LENGTH_MASK = 0xFFFF_FFFFL;

    private final int maxElements;
    private final short[] counts;
    private final long[] first;
    private volatile long[] further;

    ElementSlots(int depth, int maxElements) {
        if (maxElements < 1 || maxElements > Short.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "maximum of elements " + maxElements + " must be 1 to " + Short.MAX_VALUE);
        }
        this.maxElements = maxElements;
        counts = new short[depth];
        first = new long[WORDS * depth];
    }

    /** Returns a copy with more slots; nobody fills slots of this one meanwhile. */
    ElementSlots grown(int depth) {
        ElementSlots larger = new ElementSlots(depth, maxElements);
        System.arraycopy(counts, 0, larger.counts, 0, counts.length);
        System.arraycopy(first, 0, larger.first, 0, first.length);
        long[] words = further;
        if (words != null) {
            larger.further = Arrays.copyOf(words, WORDS * depth * (maxElements - 1));
        }
        return larger;
    }

    /** Refuses what no slot can hold. */
    void requireRoom(ScatterGatherList borrowed) {
        if (borrowed.count() > maxElements) {
            throw new IllegalArgumentException(borrowed.count() + " elements exceed the maximum of " + maxElements);
        }
    }

    /** Copies a list that has room into a claimed slot. */
    void store(int slot, ScatterGatherList borrowed) {
        int count = borrowed.count();
        counts[slot] = (short) count;
        if (count > 0) {
            store(first, WORDS * slot, borrowed, 0);
        }
        if (count > 1) {
            long[] words = furtherWords();
            for (int i = 1; i < count; i++) {
                store(words, furtherIndex(slot, i), borrowed, i);
            }
        }
    }

    /** Stores an empty list into a claimed slot. */
    void storeNone(int slot) {
        counts[slot] = 0;
    }

    int count(int slot) {
        return counts[slot];
    }

    int stag(int slot, int i) {
        return (int)
                (i == 0
                        ? first[WORDS * slot + STAG_AND_LENGTH] >> 32
                        : further[furtherIndex(slot, i) + STAG_AND_LENGTH] >> 32);
    }

    long address(int slot, int i) {
        return i == 0 ? first[WORDS * slot + ADDRESS] : further[furtherIndex(slot, i) + ADDRESS];
    }

    long lengthOctets(int slot, int i) {
        return LENGTH_MASK
                & (i == 0 ? first[WORDS * slot + STAG_AND_LENGTH] : further[furtherIndex(slot, i) + STAG_AND_LENGTH]);
    }

    long totalOctets(int slot) {
        long total = 0;
        for (int i = 0; i < counts[slot]; i++) {
            total += lengthOctets(slot, i);
        }
        return total;
    }

    private int furtherIndex(int slot, int i) {
        return WORDS * (slot * (maxElements - 1) + i - 1);
    }

    private long[] furtherWords() {
        long[] words = further;
        if (words == null) {
            // Two threads may post their first long list at once; both must end up with the same array.
            synchronized (this) {
                words = further;
                if (words == null) {
                    words = new long[WORDS * counts.length * (maxElements - 1)];
                    further = words;
                }
            }
        }
        return words;
    }

    private static void store(long[] words, int at, ScatterGatherList list, int i) {
        words[at + ADDRESS] = list.address(i);
        words[at + STAG_AND_LENGTH] = (long) list.stag(i) << 32 | list.lengthOctets(i);
    }
}
