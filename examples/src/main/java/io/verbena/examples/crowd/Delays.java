package io.verbena.examples.crowd;

/**
 * How long messages took, in steps of a tenth of a millisecond up to 5 seconds.
 *
 * <p>Thread rule: one thread at a time.
 */
final class Delays {
    private static final long STEP_NS = 100_000;

    private final long[] counts = new long[50_000];
    private long all;

    void add(long ns) {
        counts[(int) Math.min(counts.length - 1, Math.max(0, ns / STEP_NS))]++;
        all++;
    }

    /** Returns, in milliseconds, what {@code percent} of the messages did not exceed; 0 if there are none. */
    double percentile(double percent) {
        long wanted = (long) Math.ceil(all * percent / 100);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted && seen > 0) {
                return (i + 1) * STEP_NS / 1e6;
            }
        }
        return 0;
    }
}
