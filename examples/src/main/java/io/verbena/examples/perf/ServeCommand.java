package io.verbena.examples.perf;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Diagnostics;
import io.verbena.examples.command.HostAndPort;
import io.verbena.examples.command.HostAndPortConverter;
import io.verbena.examples.command.OctetCount;
import io.verbena.examples.command.VersionResource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Reads the command line of the server and runs it. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = VersionResource.class,
        sortOptions = false,
        description = {
            "Is the other end of tests. What is tested, and how, the clients say; several are served at once, but their "
                    + "figures are then those of a shared machine.",
            "",
            "There is no authentication: who can connect may use memory and processor. Use networks you trust.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:with --once: the test ran to its end",
            " 1:it did not, or the address is not free; one line says why",
            " 2:wrong usage"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  verbena perf serve                             on this machine only",
            "  verbena perf serve --listen 0.0.0.0            for other machines, over IPv4",
            "  verbena perf serve --listen :: --data-port 18516   for a firewall that lets two ports through"
        })
final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = HostAndPortConverter.class,
            description = "Where to listen, default 127.0.0.1:" + PerfCommand.DEFAULT_PORT
                    + ", which other machines cannot reach. Port 0 takes any free one.")
    private HostAndPort listen;

    @Option(
            names = "--data-port",
            paramLabel = "PORT",
            description = "Where the connections for data arrive, for firewalls; then there is one client at a time. "
                    + "Default: any free port for each client.")
    private int dataPort;

    @Option(names = "--once", description = "End after one client.")
    private boolean once;

    @Option(
            names = "--max-memory",
            paramLabel = "SIZE",
            converter = OctetCount.Converter.class,
            defaultValue = "1G",
            description = "The most memory for one client, default ${DEFAULT-VALUE}.")
    private OctetCount maxMemory;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "The longest silence of a client, default ${DEFAULT-VALUE}.")
    private int timeout = 30;

    @Mixin
    private Diagnostics diagnostics;

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        if (timeout < 1) {
            throw new ParameterException(spec.commandLine(), "--timeout " + timeout + " must be 1 or more");
        }
        if (dataPort < 0 || dataPort > 0xFFFF) {
            throw new ParameterException(
                    spec.commandLine(), "--data-port " + dataPort + " must be a port, 0 to 65535; 0 is any free one");
        }
        HostAndPort where = listen == null ? new HostAndPort("", PerfCommand.DEFAULT_PORT) : listen;
        InetSocketAddress local = where.resolve(InetAddress.getLoopbackAddress(), PerfCommand.DEFAULT_PORT);
        try (PerfServer server = new PerfServer(
                diagnostics.deviceOptions("perf-server"),
                dataPort,
                maxMemory.octets(),
                Duration.ofSeconds(timeout),
                spec.commandLine().getOut(),
                spec.commandLine().getErr())) {
            if (once) {
                server.serveOne(local);
            } else {
                server.serve(local);
            }
        }
        return ExitCode.OK;
    }
}
