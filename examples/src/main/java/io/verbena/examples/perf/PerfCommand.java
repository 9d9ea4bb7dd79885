package io.verbena.examples.perf;

import io.verbena.examples.command.VersionResource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command perf, of which each test and the server are commands of their own; its help says what the figures mean. */
@Command(
        name = "perf",
        mixinStandardHelpOptions = true,
        versionProvider = VersionResource.class,
        subcommands = {
            ServeCommand.class,
            ClientCommand.Write.class,
            ClientCommand.Read.class,
            ClientCommand.Send.class,
        },
        customSynopsis = {
            "verbena perf serve [--listen HOST:PORT] [--once] [OPTIONS]",
            "       verbena perf write|read|send [bandwidth|latency] HOST:PORT [OPTIONS]"
        },
        description = {
            "Bandwidth, message rate and latency between two hosts, as the programs of perftest measure them.",
            "",
            "A server waits; a client brings all options, runs the test against it and prints the figures.",
            "Each of the commands below has --help.",
            "",
            "  @|bold test|@              @|bold perftest|@      @|bold figures|@",
            "  write bandwidth   ib_write_bw   MiB/s and messages/s of RDMA Writes",
            "  read  bandwidth   ib_read_bw    the same of RDMA Reads",
            "  send  bandwidth   ib_send_bw    the same of Sends into posted receives",
            "  write latency     ib_write_lat  half the round trip of two Writes, seen in memory",
            "  read  latency     ib_read_lat   the whole time of a Read",
            "  send  latency     ib_send_lat   half the round trip of two Sends",
            "",
            "@|bold What the figures mean|@",
            "  MiB/s       2^20 octets of payload a second, headers not counted. The clock runs until a Read",
            "              behind the last message has come back: octets that only TCP has taken do not count",
            "              as moved.",
            "  peak        the best tenth of a second, by completions. A Write or Send completes when TCP has",
            "              taken it, so the peak can be above what the network carries.",
            "  messages/s  messages of the given size. With --batch several posts share a doorbell.",
            "  latency     of one message at a time. Below 99.9%% stands what 99.9%% of the messages took at",
            "              most.",
            "  CPU         processor time of each process, all its threads, in percent of one processor. A",
            "              server with several clients counts them together.",
            "  warm-up     runs before the clock, because a JVM compiles what it runs often.",
            "",
            "@|bold Background or driven|@",
            "  In the background (default) each device has threads of its own, and the program sleeps until",
            "  something completes. With --driven the program's thread does all the work and spins, at both",
            "  ends: the lower latency, for a processor each. On a machine with two processors that runs both",
            "  ends, nothing else should run then.",
            "  A Write wakes nobody. In the background, write latency therefore posts Immediate Data behind",
            "  each Write; driven, both ends watch the last octet in memory, as ib_write_lat does.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:the test ran to its end", " 1:it did not; one line says why", " 2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  verbena perf serve --listen 0.0.0.0:18515                    on one host",
            "  verbena perf write bandwidth host --size 64..1m              on the other: 64 octets to 1 MiB",
            "  verbena perf send latency host --driven                      64 octets, both ends spin",
            "  verbena perf write host --size 64 --batch 32 --depth 512     message rate",
            "  verbena perf read host --size 1m --no-crc --json read.json   without CRC, figures to a file"
        })
public final class PerfCommand implements Callable<Integer> {
    /** The port of perftest. */
    static final int DEFAULT_PORT = 18515;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to do: serve, write, read or send");
    }
}
