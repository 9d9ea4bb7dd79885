package io.verbena.verbs.async;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The moment at which a wait that has several steps ends. Immutable; any thread. */
final class Deadline {
    /** Longer waits are cut to this: 146 years, so that sums of nanoseconds do not wrap. */
    private static final long LONGEST_NANOS = Long.MAX_VALUE / 2;

    private final LongSupplier nanoClock;
    private final long endNanos;
    private final Duration whole;

    private Deadline(LongSupplier nanoClock, Duration whole) {
        this.nanoClock = nanoClock;
        this.whole = whole;
        this.endNanos = nanoClock.getAsLong() + toNanos(whole);
    }

    /** Begins a wait of {@code whole} now. */
    static Deadline after(Duration whole, LongSupplier nanoClock) {
        return new Deadline(nanoClock, requireNotNegative(whole));
    }

    static Duration requireNotNegative(Duration wait) {
        if (wait.isNegative()) {
            throw new IllegalArgumentException("deadline " + wait + " must not be negative");
        }
        return wait;
    }

    static long toNanos(Duration wait) {
        return wait.compareTo(Duration.ofNanos(LONGEST_NANOS)) > 0 ? LONGEST_NANOS : wait.toNanos();
    }

    /** Returns the nanoseconds that are left, 0 or more. */
    long remainingNanos() {
        return Math.max(0, endNanos - nanoClock.getAsLong());
    }

    /** Returns the nanoseconds that are left, at most {@code most}. */
    long remainingNanos(long most) {
        return Math.min(most, remainingNanos());
    }

    boolean passed() {
        return remainingNanos() == 0;
    }

    /** Returns the whole wait as people read it: {@code 2s}. */
    @Override
    public String toString() {
        return whole.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
