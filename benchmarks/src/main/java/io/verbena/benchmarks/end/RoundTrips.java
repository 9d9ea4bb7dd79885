package io.verbena.benchmarks.end;

import io.verbena.benchmarks.row.Figures;
import org.HdrHistogram.Histogram;

/**
 * Records round trips of one measurement.
 *
 * <p>Thread rule: one thread.
 */
public final class RoundTrips {
    private static final long LONGEST_NS = 60_000_000_000L;
    private static final double NANOS_PER_MICRO = 1000.0;

    private final Histogram histogram = new Histogram(LONGEST_NS, 3);

    /** Forgets all. */
    public void clear() {
        histogram.reset();
    }

    /** Adds one. */
    public void add(long nanos) {
        histogram.recordValue(Math.min(nanos, LONGEST_NS));
    }

    /** Returns the median as the value, and what else is worth knowing, in microseconds. */
    public Figures figures() {
        return new Figures()
                .with(Figures.VALUE, micros(50))
                .with("p90", micros(90))
                .with("p99", micros(99))
                .with("mean", histogram.getMean() / NANOS_PER_MICRO)
                .with(Figures.OPERATIONS, histogram.getTotalCount());
    }

    private double micros(double percentile) {
        return histogram.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
    }
}
