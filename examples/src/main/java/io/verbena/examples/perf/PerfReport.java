package io.verbena.examples.perf;

import com.fasterxml.jackson.jr.ob.JSON;
import io.verbena.examples.command.HostAndPort;
import io.verbena.examples.command.OctetCount;
import io.verbena.examples.command.VersionResource;
import io.verbena.verbs.cm.Connection;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a client prints: a head, a line for each size, and the same as JSON. */
final class PerfReport {
    private final PerfParameters parameters;
    private final PrintWriter out;
    private final List<Map<String, Object>> rows = new ArrayList<>();
    private Connection first;

    PerfReport(PerfParameters parameters, PrintWriter out) {
        this.parameters = parameters;
        this.out = out;
    }

    /** Prints the head, once; {@code connection} is the first data connection. */
    void connected(Connection connection) {
        if (first != null) {
            return;
        }
        first = connection;
        Connection.Agreement agreement = connection.agreement();
        out.println(parameters.operation().words() + " " + parameters.measure()
                + (parameters.bidirectional() ? ", bidirectional" : "") + ", as "
                + parameters.operation().perftest(parameters.measure()) + " of perftest measures it");
        out.println(count(parameters.queuePairs(), "queue pair") + ", depth " + parameters.depth()
                + (parameters.batch() == 1 ? "" : ", batches of " + parameters.batch())
                + (parameters.signalEvery() == 1 ? "" : ", one of " + parameters.signalEvery() + " signaled")
                + (parameters.inlineOctets() == 0 ? "" : ", inline up to " + parameters.inlineOctets())
                + (parameters.driven() ? ", caller-driven (both ends spin)" : ", background (both ends sleep)"));
        out.println("CRC " + (agreement.crc() ? "on" : "off") + ", placement "
                + agreement.placement().name().toLowerCase(Locale.ROOT)
                + (agreement.receiveMarkers() ? ", markers" : "") + ", segments of "
                + OctetCount.words(agreement.mulpduOctets()) + ", "
                + OctetCount.words(parameters.shareOctets()) + " of memory for each queue pair and direction");
        out.println(
                parameters.measure() == PerfMeasure.LATENCY
                        ? latencyWords()
                        : "MiB/s: 2^20 octets of payload a second; CPU: percent of one processor");
        out.println(parameters.measure() == PerfMeasure.LATENCY ? LatencyRow.HEADING : BandwidthRow.HEADING);
        out.flush();
    }

    private String latencyWords() {
        return "microseconds of "
                + (LatencyRow.divisor(parameters.operation()) == 2 ? "half a round trip" : "a whole round trip")
                + "; CPU: percent of one processor";
    }

    void add(PerfRow row) {
        rows.add(row.facts());
        out.println(row.line());
        out.flush();
    }

    /** Writes everything to {@code file}. */
    void write(Path file) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("tool", "verbena perf");
        all.put("version", VersionResource.version());
        all.put("test", parameters.operation() + " " + parameters.measure());
        all.put("perftest", parameters.operation().perftest(parameters.measure()));
        all.put("parameters", parameterFacts());
        all.put("connection", connectionFacts());
        all.put("client", machine());
        all.put("rows", rows);
        JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).write(all, file.toFile());
    }

    private Map<String, Object> parameterFacts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("bidirectional", parameters.bidirectional());
        facts.put("driven", parameters.driven());
        facts.put("depth", parameters.depth());
        facts.put("queuePairs", parameters.queuePairs());
        facts.put("batch", parameters.batch());
        facts.put("signalEvery", parameters.signalEvery());
        facts.put("inlineOctets", parameters.inlineOctets());
        facts.put("outstandingReads", parameters.outstandingReads());
        facts.put("eventLoops", parameters.eventLoops());
        facts.put("regionOctets", parameters.shareOctets());
        facts.put("warmUpSeconds", parameters.warmUpNanos() / 1e9);
        facts.put("seconds", parameters.length().nanos() / 1e9);
        facts.put("iterations", parameters.length().iterations());
        return facts;
    }

    private Map<String, Object> connectionFacts() {
        Connection.Agreement agreement = first.agreement();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("remote", HostAndPort.toString(first.remoteAddress()));
        facts.put("crc", agreement.crc());
        facts.put("markers", agreement.receiveMarkers());
        facts.put("placement", agreement.placement().name().toLowerCase(Locale.ROOT));
        facts.put("mulpduOctets", agreement.mulpduOctets());
        facts.put("outboundReadDepth", agreement.outboundReadDepth());
        return facts;
    }

    private static Map<String, Object> machine() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("java", System.getProperty("java.version"));
        facts.put("jvm", System.getProperty("java.vm.name"));
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("architecture", System.getProperty("os.arch"));
        facts.put("processors", Runtime.getRuntime().availableProcessors());
        return facts;
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
