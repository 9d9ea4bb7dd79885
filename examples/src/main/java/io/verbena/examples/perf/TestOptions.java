package io.verbena.examples.perf;

import io.verbena.examples.command.OctetCount;
import io.verbena.examples.command.WireOptions;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.cm.ConnectionParameters;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How to test: the options that the server hears of. One-letter names are those of perftest. */
final class TestOptions {
    private static final long MEMORY_OCTETS = 64L << 20;
    private static final long PAGE_OCTETS = 4096;
    private static final int BANDWIDTH_DEPTH = 128;
    private static final int LATENCY_DEPTH = 16;
    private static final int SIGNAL_EVERY = 16;
    private static final double SECONDS = 3;
    private static final double NANOS_PER_SECOND = 1e9;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-s", "--size"},
            paramLabel = "SIZE",
            converter = SizeSweep.Converter.class,
            description = "Octets of a message: 64, 4k, 1m; or doubling from one to another: 64..1m. Default 64k for "
                    + "bandwidth, 64 for latency.")
    private SizeSweep size;

    @Option(
            names = {"-a", "--all"},
            description = "The same as --size 2..8m.")
    private boolean all;

    @Option(
            names = {"-D", "--seconds"},
            paramLabel = "SECONDS",
            description = "How long each size is measured, default 3. Fractions are possible.")
    private Double seconds;

    @Option(
            names = {"-n", "--iterations"},
            paramLabel = "COUNT",
            description = "So many messages of each queue pair instead of a time.")
    private Long iterations;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description = "What runs before, for each size, default ${DEFAULT-VALUE}.")
    private double warmUp = 1;

    @Option(
            names = {"-t", "--depth"},
            paramLabel = "COUNT",
            description = "Requests that a queue pair has outstanding, default 128.")
    private Integer depth;

    @Option(
            names = {"-q", "--queue-pairs"},
            paramLabel = "COUNT",
            description = "Queue pairs, each with a connection of its own, default ${DEFAULT-VALUE}.")
    private int queuePairs = 1;

    @Option(
            names = {"-l", "--batch"},
            paramLabel = "COUNT",
            description = "Requests posted with one doorbell, default ${DEFAULT-VALUE}.")
    private int batch = 1;

    @Option(
            names = {"-Q", "--signal-every"},
            paramLabel = "COUNT",
            description = "Only one of so many requests yields a completion, default 16 or what --depth allows.")
    private Integer signalEvery;

    @Option(
            names = {"-I", "--inline"},
            paramLabel = "SIZE",
            converter = OctetCount.Converter.class,
            defaultValue = "0",
            description = "Messages up to this size are copied while posting, at most 4k, default ${DEFAULT-VALUE}.")
    private OctetCount inline;

    @Option(
            names = {"-o", "--outstanding-reads"},
            paramLabel = "COUNT",
            description = "Reads of a queue pair that are under way on the wire, default ${DEFAULT-VALUE}.")
    private int outstandingReads = 16;

    @Option(
            names = {"-b", "--bidirectional"},
            description = "Both ends send; the figures are the sum.")
    private boolean bidirectional;

    @Option(names = "--driven", description = "Each end's thread drives its device and spins, instead of sleeping.")
    private boolean driven;

    @Option(
            names = "--event-loops",
            paramLabel = "COUNT",
            description = "Threads of each end's device, unless driven; 0 (default) leaves it to the device.")
    private int eventLoops;

    @Option(
            names = "--region",
            paramLabel = "SIZE",
            converter = OctetCount.Converter.class,
            description = "Memory that each queue pair walks through, in each direction. Default for bandwidth: 64 MiB "
                    + "divided by the queue pairs, at least one message; for latency one message.")
    private OctetCount region;

    @Mixin
    private WireOptions wire;

    /** Returns the sizes. */
    SizeSweep sizes(PerfMeasure measure) {
        if (all && size != null) {
            throw misuse("--all and --size exclude each other");
        }
        if (all) {
            return SizeSweep.parse("2..8m");
        }
        if (size != null) {
            return size;
        }
        return SizeSweep.parse(measure == PerfMeasure.LATENCY ? "64" : "64k");
    }

    /** Returns everything else; misuse is told as such. */
    PerfParameters parameters(PerfOperation operation, PerfMeasure measure, SizeSweep sizes) {
        ConnectionParameters wished = wire.applyTo(ConnectionParameters.defaults());
        int requests = depth == null ? measure == PerfMeasure.LATENCY ? LATENCY_DEPTH : BANDWIDTH_DEPTH : depth;
        PerfParameters parameters = new PerfParameters(
                operation,
                measure,
                bidirectional,
                driven,
                wished.crc(),
                wished.markers(),
                wished.placement() == PlacementMode.EAGER,
                requests,
                queuePairs,
                batch,
                signalEvery == null ? Math.max(1, Math.min(SIGNAL_EVERY, requests + 1 - batch)) : signalEvery,
                (int) Math.min(inline.octets(), Integer.MAX_VALUE),
                outstandingReads,
                eventLoops,
                sizes.largest(),
                region == null ? share(measure, sizes.largest()) : region.octets(),
                nanos("--warm-up", warmUp, true),
                length());
        String objection = parameters.objection();
        if (objection != null) {
            throw misuse(objection);
        }
        return parameters;
    }

    private RunLength length() {
        if (iterations == null) {
            return RunLength.ofNanos(nanos("--seconds", seconds == null ? SECONDS : seconds, false));
        }
        if (seconds != null) {
            throw misuse("--seconds and --iterations exclude each other");
        }
        if (iterations < 1) {
            throw misuse("--iterations " + iterations + " must be 1 or more");
        }
        return new RunLength(0, iterations);
    }

    private long nanos(String option, double value, boolean none) {
        if (!(value > 0 || (none && value == 0)) || value > PerfParameters.MAX_SECONDS) {
            throw misuse(option + " " + value + " must be " + (none ? "0" : "above 0") + " to "
                    + PerfParameters.MAX_SECONDS);
        }
        return Math.max(none ? 0 : 1, (long) (value * NANOS_PER_SECOND));
    }

    private long share(PerfMeasure measure, long largest) {
        long share = measure == PerfMeasure.LATENCY ? 0 : MEMORY_OCTETS / Math.max(1, queuePairs);
        return Math.max(share, largest) + PAGE_OCTETS - 1 & -PAGE_OCTETS;
    }

    private ParameterException misuse(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
