package io.verbena.examples.perf;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * A line of a latency test.
 *
 * @param octets size of the messages
 * @param trips round trips in nanoseconds
 * @param divisor what a round trip is divided by: 2 for Writes and Sends, as perftest has it, 1 for Reads
 * @param cpuHere processor time of the client's process
 * @param cpuThere processor time of the server's process
 */
record LatencyRow(long octets, Histogram trips, int divisor, CpuUse cpuHere, CpuUse cpuThere) implements PerfRow {
    static final String HEADING = String.format(
            Locale.ROOT,
            "%10s %10s %9s %9s %9s %9s %9s %9s %9s %9s %9s %9s",
            "octets",
            "messages",
            "min us",
            "50%",
            "90%",
            "99%",
            "99.9%",
            "99.99%",
            "max",
            "mean",
            "CPU here",
            "CPU there");

    private static final double NANOS_PER_MICRO = 1000;

    /** Returns the divisor for an operation. */
    static int divisor(PerfOperation operation) {
        return operation == PerfOperation.READ ? 1 : 2;
    }

    @Override
    public String line() {
        return String.format(
                Locale.ROOT,
                "%10d %10d %9.2f %9.2f %9.2f %9.2f %9.2f %9.2f %9.2f %9.2f %8.0f%% %8.0f%%",
                octets,
                trips.getTotalCount(),
                at(0),
                at(50),
                at(90),
                at(99),
                at(99.9),
                at(99.99),
                at(100),
                micros(trips.getMean()),
                cpuHere.percent(),
                cpuThere.percent());
    }

    @Override
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("octets", octets);
        facts.put("messages", trips.getTotalCount());
        facts.put("roundTripsDividedBy", divisor);
        facts.put("minMicros", at(0));
        facts.put("p50Micros", at(50));
        facts.put("p90Micros", at(90));
        facts.put("p99Micros", at(99));
        facts.put("p99_9Micros", at(99.9));
        facts.put("p99_99Micros", at(99.99));
        facts.put("maxMicros", at(100));
        facts.put("meanMicros", micros(trips.getMean()));
        facts.put("clientCpuPercent", cpuHere.percent());
        facts.put("serverCpuPercent", cpuThere.percent());
        return facts;
    }

    /** Returns what so many percent of the messages stayed within, in microseconds. */
    double at(double percent) {
        return micros((double) trips.getValueAtPercentile(percent));
    }

    private double micros(double nanos) {
        return nanos / divisor / NANOS_PER_MICRO;
    }
}
