package io.verbena.examples.copy;

import io.verbena.examples.command.OctetCount;
import java.util.HexFormat;
import java.util.Locale;

/**
 * How a copy went.
 *
 * @param octets size of the file
 * @param nanos how long its octets were under way
 * @param digest its SHA-256, the same at both ends
 */
record CopyReport(long octets, long nanos, byte[] digest) {
    /** Below this a rate says more of the start than of the way. */
    private static final long RATE_MATTERS_OCTETS = 1 << 20;

    String words() {
        String size = octets < 1024 ? OctetCount.words(octets) : OctetCount.words(octets) + " (" + octets + " octets)";
        String rate = octets < RATE_MATTERS_OCTETS ? "" : ", " + OctetCount.rate(octets, nanos);
        return String.format(Locale.ROOT, "%s in %.2f s%s", size, nanos / 1e9, rate);
    }

    String digestHex() {
        return HexFormat.of().formatHex(digest);
    }
}
