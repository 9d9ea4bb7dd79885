package io.verbena.examples.perf;

/**
 * What one end sent (or read) in one run.
 *
 * @param messages messages of all queue pairs
 * @param octets their payload
 * @param nanos from the first post until the last octet was known to have arrived
 * @param peakOctetsPerSecond the best {@link BandwidthLoop#WINDOW_NANOS} of the run, by completions
 */
record BandwidthFigures(long messages, long octets, long nanos, long peakOctetsPerSecond) {
    /** An end that sent nothing. */
    static final BandwidthFigures NONE = new BandwidthFigures(0, 0, 0, 0);

    private static final double MEBI = 1 << 20;

    double mebioctetsPerSecond() {
        return nanos == 0 ? 0 : octets / MEBI / (nanos / 1e9);
    }

    double peakMebioctetsPerSecond() {
        return peakOctetsPerSecond / MEBI;
    }

    double messagesPerSecond() {
        return nanos == 0 ? 0 : messages / (nanos / 1e9);
    }
}
