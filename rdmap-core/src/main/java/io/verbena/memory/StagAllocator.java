package io.verbena.memory;

import io.verbena.verbs.DeviceOptions.StagPolicy;
import io.verbena.verbs.STag;
import java.util.random.RandomGenerator;

/**
 * Chooses the STag of a new region or window (SYS-MEM-01).
 *
 * <p>Each use of an index gets an instance one higher than the use before, so that 256 uses have to go by before a stale
 * STag could fit again. Where to begin, and which free index is taken, a peer shall not be able to guess (policy
 * unpredictable), or shall be easy to follow (policy sequential). Index 0 is never given.
 *
 * <p>Thread rule: under the table's lock.
 */
final class StagAllocator {
    /** With at least twice as many indexes as entries every second guess at the latest hits a free one, on average. */
    private static final int SPARSENESS = 2;

    private static final int MIN_UNPREDICTABLE_INDEXES = 1 << 16;
    private static final int MAX_GUESSES = 32;

    private final StagPolicy policy;
    private final RandomGenerator random;
    private final TableSlots slots;
    private int last;

    StagAllocator(int maxEntries, StagPolicy policy, RandomGenerator random) {
        this.policy = policy;
        this.random = random;
        slots = switch (policy) {
            case UNPREDICTABLE -> new TableSlots(unpredictableSlots(maxEntries), random::nextBytes);
            case SEQUENTIAL -> new TableSlots(maxEntries + 1, block -> {});
        };
    }

    private static int unpredictableSlots(int maxEntries) {
        long wanted = Math.max(MIN_UNPREDICTABLE_INDEXES, (long) SPARSENESS * maxEntries);
        return (int) Math.min(STag.MAX_INDEX + 1L, wanted);
    }

    /** Returns the slots that indexes are chosen from. */
    TableSlots slots() {
        return slots;
    }

    /** Returns the STag for the next entry; there must be a free slot. */
    int next() {
        int index = switch (policy) {
            case UNPREDICTABLE -> randomFree();
            case SEQUENTIAL -> freeFrom(last + 1);
        };
        last = index;
        return STag.of(index, slots.nextInstance(index));
    }

    private int randomFree() {
        int index = 0;
        for (int guess = 0; guess < MAX_GUESSES; guess++) {
            index = random.nextInt(1, slots.slots());
            if (slots.entry(index) == null) {
                return index;
            }
        }
        // Only a table that is allowed to fill nearly all of the 2^24 indexes comes here.
        return freeFrom(index);
    }

    private int freeFrom(int wanted) {
        int index = wanted;
        do {
            if (index >= slots.slots()) {
                index = 1;
            }
            if (slots.entry(index) == null) {
                return index;
            }
            index++;
        } while (index != wanted);
        throw new IllegalStateException("no free tag index among " + (slots.slots() - 1));
    }

    /** Frees a Tag Index whose last instance was {@code instance}. */
    void free(int index, int instance) {
        slots.remove(index);
        slots.nextInstance(index, instance + 1);
    }

    /** Gives the first Tag Instances of a block of slots. */
    @FunctionalInterface
    interface FirstInstances {
        void fill(byte[] instances);
    }
}
