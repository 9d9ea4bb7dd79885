package io.verbena.examples.perf;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A line of a bandwidth test.
 *
 * @param octets size of the messages
 * @param here what the client sent (or read)
 * @param there what the server sent meanwhile, if bidirectional
 * @param cpuHere processor time of the client's process
 * @param cpuThere processor time of the server's process
 */
record BandwidthRow(long octets, BandwidthFigures here, BandwidthFigures there, CpuUse cpuHere, CpuUse cpuThere)
        implements PerfRow {
    static final String HEADING = String.format(
            Locale.ROOT,
            "%10s %12s %12s %12s %14s %9s %9s",
            "octets",
            "messages",
            "peak MiB/s",
            "MiB/s",
            "messages/s",
            "CPU here",
            "CPU there");

    @Override
    public String line() {
        return String.format(
                Locale.ROOT,
                "%10d %12d %12.2f %12.2f %14.0f %8.0f%% %8.0f%%",
                octets,
                here.messages() + there.messages(),
                here.peakMebioctetsPerSecond() + there.peakMebioctetsPerSecond(),
                here.mebioctetsPerSecond() + there.mebioctetsPerSecond(),
                here.messagesPerSecond() + there.messagesPerSecond(),
                cpuHere.percent(),
                cpuThere.percent());
    }

    @Override
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("octets", octets);
        facts.put("messages", here.messages() + there.messages());
        facts.put("peakMiBPerSecond", here.peakMebioctetsPerSecond() + there.peakMebioctetsPerSecond());
        facts.put("averageMiBPerSecond", here.mebioctetsPerSecond() + there.mebioctetsPerSecond());
        facts.put("messagesPerSecond", here.messagesPerSecond() + there.messagesPerSecond());
        facts.put("clientMiBPerSecond", here.mebioctetsPerSecond());
        facts.put("serverMiBPerSecond", there.mebioctetsPerSecond());
        facts.put("seconds", here.nanos() / 1e9);
        facts.put("clientCpuPercent", cpuHere.percent());
        facts.put("serverCpuPercent", cpuThere.percent());
        return facts;
    }
}
