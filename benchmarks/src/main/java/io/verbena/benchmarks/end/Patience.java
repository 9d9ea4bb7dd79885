package io.verbena.benchmarks.end;

import java.time.Duration;

/**
 * Bounds a thread that spins: looks at the clock once in a while.
 *
 * <p>Thread rule: one thread.
 */
public final class Patience {
    /** How long an end waits for its peer in one go. */
    public static final Duration LIMIT = Duration.ofSeconds(30);

    private static final int LOOK_EVERY = 1 << 7;

    private final String what;
    private long deadlineNs;
    private int looks;

    /** Waits for {@code what}, which ends the sentence "waited 30 s for". */
    public Patience(String what) {
        this.what = what;
        begin();
    }

    /** Begins anew: something happened. */
    public void begin() {
        looks = 0;
        deadlineNs = 0;
    }

    /**
     * Says that nothing has happened.
     *
     * @throws EndFailedException if that has lasted for {@link #LIMIT}
     */
    public void nothing() throws EndFailedException {
        if (++looks < LOOK_EVERY) {
            return;
        }
        looks = 0;
        long now = System.nanoTime();
        if (deadlineNs == 0) {
            deadlineNs = now + LIMIT.toNanos();
        } else if (now - deadlineNs > 0) {
            throw new EndFailedException("waited " + LIMIT.toSeconds() + " s for " + what + ", and nothing happened");
        }
    }
}
