package io.verbena.memory;

import io.verbena.verbs.STag;

/**
 * How much a translation and protection table takes.
 *
 * @param maxRegions the most regions at one time
 * @param maxWindows the most windows at one time
 * @param directPages regions of at most so many pages get direct translation
 * @param firstOrderPages regions of at most so many pages get first-order indirect translation, larger ones second-order
 */
public record TableLimits(int maxRegions, int maxWindows, int directPages, int firstOrderPages) {
    /** Checks that there are Tag Indexes enough. */
    public TableLimits {
        if (maxRegions < 1 || maxWindows < 0 || (long) maxRegions + maxWindows > STag.MAX_INDEX) {
            throw new IllegalArgumentException("maxRegions " + maxRegions + " and maxWindows " + maxWindows
                    + " must be at least 1 and 0, and together at most " + STag.MAX_INDEX);
        }
    }
}
