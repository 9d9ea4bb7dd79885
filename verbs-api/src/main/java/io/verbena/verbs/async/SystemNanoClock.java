package io.verbena.verbs.async;

import java.util.function.LongSupplier;

/** The machine's monotonic clock, the only place of this package that reads it. */
final class SystemNanoClock implements LongSupplier {
    @Override
    public long getAsLong() {
        return System.nanoTime();
    }
}
