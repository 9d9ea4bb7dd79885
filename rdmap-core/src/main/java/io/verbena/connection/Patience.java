package io.verbena.connection;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What is left of a deadline over several waits. Thread rule: the thread that waits. */
final class Patience {
    private final Waiting waiting;
    private final long startNs;
    private final long deadlineNs;

    /**
     * Begins now.
     *
     * @throws IllegalArgumentException if the deadline is negative
     */
    Patience(Waiting waiting, Duration deadline) {
        if (deadline.isNegative()) {
            throw new IllegalArgumentException("deadline " + deadline + " must not be negative");
        }
        this.waiting = waiting;
        startNs = waiting.nanoTime();
        deadlineNs = nanos(deadline);
    }

    /** Returns a duration in nanoseconds, or the most there is. */
    static long nanos(Duration duration) {
        return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : duration.toNanos();
    }

    /** Waits for {@code change}; false if the deadline comes first. */
    boolean await(CompletableFuture<?> change) throws InterruptedException {
        long leftNs = deadlineNs - (waiting.nanoTime() - startNs);
        return leftNs > 0 && waiting.await(change, leftNs);
    }

    /** Returns the whole deadline in milliseconds, for messages. */
    long milliseconds() {
        return deadlineNs / 1_000_000;
    }
}
