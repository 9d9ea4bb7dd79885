package io.verbena.benchmarks.scale;

import java.time.Duration;

/**
 * How much is done for a table.
 *
 * @param most the largest count
 * @param rounds how often each count is measured; the median counts
 * @param slice how long a count is measured in a round
 */
public record ScaleEffort(int most, int rounds, Duration slice) {
    /** What figures need. */
    public static final ScaleEffort FULL = new ScaleEffort(Integer.MAX_VALUE, 5, Duration.ofMillis(100));

    /** To see that it works. */
    public static final ScaleEffort QUICK = new ScaleEffort(100, 1, Duration.ofMillis(2));

    /** Rejects what cannot be measured. */
    public ScaleEffort {
        if (most < 1 || rounds < 1 || slice.isNegative() || slice.isZero()) {
            throw new IllegalArgumentException(
                    "most " + most + ", rounds " + rounds + " and slice " + slice + " must all be above 0");
        }
    }

    /** Changes {@link #rounds}. */
    public ScaleEffort withRounds(int next) {
        return new ScaleEffort(most, next, slice);
    }
}
