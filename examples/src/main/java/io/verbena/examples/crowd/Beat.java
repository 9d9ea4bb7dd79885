package io.verbena.examples.crowd;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A steady beat: each call of {@link #await} returns at the next one, at once if it is over already.
 *
 * <p>Thread rule: one thread.
 */
final class Beat {
    private final long lengthNs;
    private long next;

    Beat(Duration length) {
        lengthNs = length.toNanos();
        next = System.nanoTime() + lengthNs;
    }

    /** Waits for the beat; false if the thread was interrupted. */
    boolean await() {
        long left = next - System.nanoTime();
        while (left > 0) {
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(left);
            left = next - System.nanoTime();
        }
        // A beat that was missed is not made up for.
        next = Math.max(next, System.nanoTime() - lengthNs) + lengthNs;
        return !Thread.currentThread().isInterrupted();
    }
}
