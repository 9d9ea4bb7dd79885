package io.verbena.testkit.simulated;

import java.time.Duration;

/**
 * How a link hands FPDUs up out of order, as an MPA-aware TCP may (RFC 5044 section 4.3, RFC 5041 section 3).
 *
 * @param aheadOctets how far ahead of the gapless stream an FPDU may end and still be handed up; what lies further ahead is
 *     dropped and sent again later. 0 or more
 * @param spreadNs each FPDU travels up to so many nanoseconds longer than the latency, drawn for each, and so they overtake
 *     one another
 * @param duplicatesPerThousand how many of a thousand FPDUs arrive twice
 * @param resendNs how long after the gap has moved an FPDU that was dropped comes again
 */
public record OutOfOrder(int aheadOctets, long spreadNs, int duplicatesPerThousand, long resendNs) {
    private static final OutOfOrder DEFAULTS = new OutOfOrder(65_536, 100_000, 20, 50_000);

    /** Checks the ranges. */
    public OutOfOrder {
        if (aheadOctets < 0) {
            throw new IllegalArgumentException("aheadOctets " + aheadOctets + " must not be negative");
        }
        if (spreadNs < 0) {
            throw new IllegalArgumentException("spreadNs " + spreadNs + " must not be negative");
        }
        if (duplicatesPerThousand < 0 || duplicatesPerThousand > 1000) {
            throw new IllegalArgumentException("duplicatesPerThousand " + duplicatesPerThousand + " must be 0 to 1000");
        }
        if (resendNs < 0) {
            throw new IllegalArgumentException("resendNs " + resendNs + " must not be negative");
        }
    }

    /** Returns 64 KiB ahead at most, 100 microseconds of spread, 2 percent twice. */
    public static OutOfOrder random() {
        return DEFAULTS;
    }

    /** Returns an order that only a script disturbs ({@link LinkDirection#holdBack()}). */
    public static OutOfOrder scripted() {
        return new OutOfOrder(65_536, 0, 0, 50_000);
    }

    /** Returns a copy with another limit on how far ahead an FPDU may be. */
    public OutOfOrder withAheadOctets(int octets) {
        return new OutOfOrder(octets, spreadNs, duplicatesPerThousand, resendNs);
    }

    /** Returns a copy in which FPDUs overtake one another within {@code spread}. */
    public OutOfOrder withSpread(Duration spread) {
        return new OutOfOrder(aheadOctets, spread.toNanos(), duplicatesPerThousand, resendNs);
    }

    /** Returns a copy in which {@code perThousand} of a thousand FPDUs arrive twice. */
    public OutOfOrder withDuplicates(int perThousand) {
        return new OutOfOrder(aheadOctets, spreadNs, perThousand, resendNs);
    }
}
