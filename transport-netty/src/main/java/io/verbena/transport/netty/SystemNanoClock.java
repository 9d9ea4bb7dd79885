package io.verbena.transport.netty;

import io.verbena.transport.NanoClock;

/** The machine's monotonic clock, which the selectors' waiting goes by as well. */
final class SystemNanoClock implements NanoClock {
    static final SystemNanoClock INSTANCE = new SystemNanoClock();

    private SystemNanoClock() {}

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
