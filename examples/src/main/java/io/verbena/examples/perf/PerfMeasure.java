package io.verbena.examples.perf;

import java.util.Locale;

/** Which figure of it. The order is that of the numbers on the wire. */
enum PerfMeasure {
    /** Octets and messages a second, many requests outstanding. */
    BANDWIDTH,
    /** The time of one message, one outstanding. */
    LATENCY;

    /**
     * Reads a name, or the short form that perftest has.
     *
     * @throws IllegalArgumentException saying which names there are
     */
    static PerfMeasure parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "bandwidth", "bw" -> BANDWIDTH;
            case "latency", "lat" -> LATENCY;
            default -> throw new IllegalArgumentException("'" + text + "' must be bandwidth (bw) or latency (lat)");
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
