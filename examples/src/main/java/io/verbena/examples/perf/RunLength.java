package io.verbena.examples.perf;

/**
 * How long a run is: a time, or a number of messages of each queue pair. One of the two is 0.
 *
 * @param nanos nanoseconds
 * @param iterations messages
 */
record RunLength(long nanos, long iterations) {
    /** Returns a run of this time. */
    static RunLength ofNanos(long nanos) {
        return new RunLength(nanos, 0);
    }

    /** Returns how many messages a queue pair may send at most. */
    long mostMessages() {
        return iterations == 0 ? Long.MAX_VALUE : iterations;
    }

    /** Returns whether the time is over; never, if there is none. */
    boolean over(long elapsedNanos) {
        return iterations == 0 && elapsedNanos >= nanos;
    }
}
