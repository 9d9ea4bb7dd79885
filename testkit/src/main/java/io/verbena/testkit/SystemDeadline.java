package io.verbena.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A moment on this machine's clock until which a test waits for a condition, and never longer.
 *
 * <p>Thread rule: any thread.
 */
public final class SystemDeadline {
    /** Long enough for anything on loopback, short enough for a build that hangs. */
    public static final Duration USUAL = Duration.ofSeconds(10);

    private static final long PAUSE_NS = 20_000;

    private final long endNs;

    private SystemDeadline(long endNs) {
        this.endNs = endNs;
    }

    /** Returns the moment {@code longest} from now. */
    public static SystemDeadline in(Duration longest) {
        return new SystemDeadline(System.nanoTime() + longest.toNanos());
    }

    /** Returns whether the moment has passed. */
    public boolean passed() {
        return System.nanoTime() - endNs >= 0;
    }

    /** Returns the time that is left, zero or more. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNs - System.nanoTime()));
    }

    /** Returns the milliseconds that are left, at least 1, as socket timeouts need them. */
    public int remainingMillis() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, remaining().toMillis()));
    }

    /**
     * Waits until {@code condition} holds.
     *
     * @param what what is waited for, for the failure's message
     * @throws AssertionError if it does not hold when the time is over
     */
    public void await(String what, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (passed()) {
                throw new AssertionError("not in time: " + what);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /** Waits, at most {@link #USUAL}, until {@code condition} holds. */
    public static void awaitUsual(String what, BooleanSupplier condition) {
        in(USUAL).await(what, condition);
    }
}
