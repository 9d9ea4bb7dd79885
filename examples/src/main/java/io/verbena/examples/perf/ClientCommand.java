package io.verbena.examples.perf;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Diagnostics;
import io.verbena.examples.command.HostAndPort;
import io.verbena.examples.command.Terminal;
import io.verbena.examples.command.VersionResource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads the command line of a test and runs it; the three operations differ in their names only. */
@Command(
        mixinStandardHelpOptions = true,
        versionProvider = VersionResource.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:the test ran to its end", " 1:it did not; one line says why", " 2:wrong usage"},
        footerHeading =
                "%nThe server takes all options over, also CRC and markers: only this end says them. What the figures mean "
                        + "says verbena perf --help.%n%nExamples:%n")
abstract class ClientCommand implements Callable<Integer> {
    /** Tests RDMA Writes. */
    @Command(
            name = "write",
            description = {"Tests RDMA Writes, as ib_write_bw and ib_write_lat do.", ""},
            footer = {
                "  verbena perf write host                                  64 KiB messages, 3 seconds",
                "  verbena perf write host --size 64..1m --json write.json  a row for each size, also into a file",
                "  verbena perf write host --size 64 --batch 32 -t 512      message rate",
                "  verbena perf write latency host --driven                 both ends spin and watch memory"
            })
    static final class Write extends ClientCommand {
        Write() {
            super(PerfOperation.WRITE);
        }
    }

    /** Tests RDMA Reads. */
    @Command(
            name = "read",
            description = {"Tests RDMA Reads, as ib_read_bw and ib_read_lat do.", ""},
            footer = {
                "  verbena perf read host --size 1m                         1 MiB messages, 16 under way",
                "  verbena perf read host -o 1                              one under way",
                "  verbena perf read latency host --driven                  the whole time of a Read of 64 octets"
            })
    static final class Read extends ClientCommand {
        Read() {
            super(PerfOperation.READ);
        }
    }

    /** Tests Sends. */
    @Command(
            name = "send",
            description = {"Tests Sends into posted receives, as ib_send_bw and ib_send_lat do.", ""},
            footer = {
                "  verbena perf send host -b                                both ends send",
                "  verbena perf send host -q 8 --event-loops 2              8 connections on 2 threads at each end",
                "  verbena perf send latency host -s 2 -n 1000              as ib_send_lat has it by default"
            })
    static final class Send extends ClientCommand {
        Send() {
            super(PerfOperation.SEND);
        }
    }

    private final PerfOperation operation;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "1..2",
            paramLabel = "[bandwidth|latency] HOST:PORT",
            hideParamSyntax = true,
            description = "What to measure (bandwidth if left away; bw and lat will do), and the server; its default "
                    + "port is " + PerfCommand.DEFAULT_PORT + ".")
    private List<String> words = List.of();

    @Mixin
    private TestOptions options;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file, too.")
    private Path json;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "The longest silence of the server, default ${DEFAULT-VALUE}.")
    private int timeout = 30;

    @Mixin
    private Diagnostics diagnostics;

    ClientCommand(PerfOperation operation) {
        this.operation = operation;
    }

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        if (timeout < 1) {
            throw misuse("--timeout " + timeout + " must be 1 or more");
        }
        PerfMeasure measure;
        HostAndPort where;
        try {
            measure = words.size() == 1 ? PerfMeasure.BANDWIDTH : PerfMeasure.parse(words.get(0));
            where = HostAndPort.parse(words.get(words.size() - 1));
        } catch (IllegalArgumentException e) {
            throw misuse(e.getMessage());
        }
        SizeSweep sizes = options.sizes(measure);
        PerfParameters parameters = options.parameters(operation, measure, sizes);
        requireRoomFor(json);
        InetSocketAddress server = where.resolve(InetAddress.getLoopbackAddress(), PerfCommand.DEFAULT_PORT);
        PerfReport report = new PerfReport(parameters, spec.commandLine().getOut());
        new PerfClient(
                        diagnostics.deviceOptions("perf-client"),
                        parameters,
                        Duration.ofSeconds(timeout),
                        report,
                        Terminal.watched())
                .run(server, sizes);
        if (json != null) {
            report.write(json);
        }
        return ExitCode.OK;
    }

    /** Says before a long test, not behind it, that its figures cannot be written. */
    private static void requireRoomFor(Path file) throws CommandFailedException {
        if (file == null) {
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
            throw new CommandFailedException("--json " + file + " must name a file in an existing directory");
        }
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
