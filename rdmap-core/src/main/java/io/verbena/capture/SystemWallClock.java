package io.verbena.capture;

import java.time.Instant;

/** The machine's time of day, which tells when a capture began. Any thread. */
final class SystemWallClock {
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private SystemWallClock() {}

    /** Returns nanoseconds since 1970. */
    static long nowNs() {
        Instant now = Instant.now();
        return now.getEpochSecond() * NS_PER_SECOND + now.getNano();
    }
}
