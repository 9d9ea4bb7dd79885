package io.verbena.benchmarks.scale;

/**
 * What an operation has cost.
 *
 * @param nanos time in ns
 * @param processorNanos processor time of the thread in ns
 * @param readsAndWrites calls of the system that read or write; NaN where the system does not tell
 */
record Cost(double nanos, double processorNanos, double readsAndWrites) {
    /** Returns this in parts of {@code other}. */
    Cost per(Cost other) {
        return new Cost(
                nanos / other.nanos, processorNanos / other.processorNanos, readsAndWrites / other.readsAndWrites);
    }
}
