package io.verbena.examples.rping;

import io.verbena.examples.command.CommandDeadline;
import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Diagnostics;
import io.verbena.examples.command.HostAndPort;
import io.verbena.examples.command.VersionResource;
import io.verbena.examples.command.WireOptions;
import io.verbena.verbs.Device;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ReadyToReceive;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Reads the command line of rping and runs one end of it. */
@Command(
        name = "rping",
        versionProvider = VersionResource.class,
        sortOptions = false,
        description = {
            "RDMA ping-pong that talks to the rping of the Linux RDMA libraries.",
            "",
            "For each ping the server reads the client's text with an RDMA Read and returns it with an RDMA Write.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:all pings came back", " 1:they did not; one line says why", " 2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  verbena rping -s -v                                    serve one client, show its texts",
            "  verbena rping -c -a 127.0.0.1 -C 3 -v -V               three pings, shown and compared",
            "  verbena rping -s -a :: -P                              serve many clients, also over IPv6",
            "  verbena rping -c -a host -C 1000 -V --first-message-delay 20   towards Linux siw"
        })
public final class RpingCommand implements Callable<Integer> {
    private static final int DEFAULT_PORT = 7174;

    @Spec
    private CommandSpec spec;

    @ArgGroup(exclusive = true)
    private Role role;

    @Option(
            names = "-a",
            paramLabel = "ADDRESS",
            description = "Client: the server. Server: where to listen (all IPv4).")
    private String address;

    @Option(names = "-p", paramLabel = "PORT", description = "Port, default ${DEFAULT-VALUE}.")
    private int port = DEFAULT_PORT;

    @Option(names = "-C", paramLabel = "COUNT", description = "Client: number of pings, 0 (default) for no end.")
    private int count;

    @Option(
            names = "-S",
            paramLabel = "SIZE",
            description = "Client: octets of a ping, 16 to 65535, default ${DEFAULT-VALUE}. The server takes any.")
    private int size = 64;

    @Option(names = "-v", description = "Print the text of each ping.")
    private boolean verbose;

    @Option(names = "-V", description = "Client: compare what came back with what was sent.")
    private boolean validate;

    @Option(names = "-d", description = "Tell each step on standard error.")
    private boolean steps;

    @Option(names = "-P", description = "Server: go on after the first client, and serve many at once.")
    private boolean persistent;

    @Option(
            names = "--first-message-delay",
            paramLabel = "MS",
            description =
                    "Client: wait so many milliseconds before the first frame; 20 help against a start-up race of "
                            + "Linux siw's accepting side.")
    private int firstMessageDelay;

    @Option(
            names = "--peer-to-peer",
            paramLabel = "KIND",
            split = ",",
            description =
                    "Client: open a peer-to-peer connection (RFC 6581) with a message of this kind: send, write, read, "
                            + "or several with commas.")
    private List<ReadyToReceive> peerToPeer = List.of();

    @Option(
            names = "--revision",
            paramLabel = "N",
            description = "Client: MPA revision 1 or 2, default ${DEFAULT-VALUE}.")
    private int revision = 2;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "The longest wait for one step of the exchange, default ${DEFAULT-VALUE}.")
    private int timeout = 30;

    @Option(
            names = "--deadline",
            paramLabel = "SECONDS",
            description = "Give up after so many seconds whatever happens; default: never.")
    private int deadline;

    @Mixin
    private WireOptions wire;

    // The standard help options would take -V, which is this program's for validating.
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // read by picocli
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Print version information and exit.")
    @SuppressWarnings("UnusedVariable") // read by picocli
    private boolean version;

    @Mixin
    private Diagnostics diagnostics;

    /** The two ends. */
    static final class Role {
        @Option(names = "-s", required = true, description = "Be the server.")
        private boolean server;

        @Option(names = "-c", required = true, description = "Be the client.")
        private boolean client;
    }

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        if (role == null) {
            throw new ParameterException(spec.commandLine(), "say which end this is: -s (server) or -c (client)");
        }
        requireRange("-S", size, RpingSettings.MIN_SIZE, RpingSettings.MAX_SIZE);
        requireRange("-p", port, 0, 0xFFFF);
        requireRange("-C", count, 0, Integer.MAX_VALUE);
        requireRange("--timeout", timeout, 1, Integer.MAX_VALUE);
        requireRange("--deadline", deadline, 0, Integer.MAX_VALUE);
        requireRange("--revision", revision, 1, 2);
        requireRange("--first-message-delay", firstMessageDelay, 0, 60_000);
        if (!peerToPeer.isEmpty() && revision == 1) {
            throw new ParameterException(spec.commandLine(), "--peer-to-peer needs --revision 2");
        }
        if (role.client && (address == null || port == 0)) {
            throw new ParameterException(spec.commandLine(), "a client needs the server's address (-a) and port (-p)");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        ConnectionParameters parameters = parameters();
        try (CommandDeadline limit = CommandDeadline.ofSeconds(deadline);
                Device device = Device.open(diagnostics.deviceOptions(role.server ? "rping-server" : "rping-client"))) {
            RpingSettings settings = new RpingSettings(
                    size, count, verbose, validate, Duration.ofSeconds(timeout), parameters, out, steps ? err : null);
            limit.run(() -> run(device, settings, err));
        }
        return ExitCode.OK;
    }

    private void run(Device device, RpingSettings settings, PrintWriter err)
            throws CommandFailedException, IOException, InterruptedException {
        if (role.client) {
            new RpingClient(device, settings).run(remote());
        } else if (persistent) {
            new RpingServer(device, settings, err).servePersistently(remote());
        } else {
            new RpingServer(device, settings, err).serveOne(remote());
        }
    }

    private InetSocketAddress remote() throws CommandFailedException {
        InetAddress any = new InetSocketAddress(0).getAddress();
        return new HostAndPort(address == null ? "0.0.0.0" : address, port).resolve(any, port);
    }

    private ConnectionParameters parameters() {
        ConnectionParameters wished = wire.applyTo(ConnectionParameters.defaults())
                .withReadDepths(1, 1)
                .withRevision(revision)
                .withFirstMessageDelay(Duration.ofMillis(firstMessageDelay))
                .withDeadline(Duration.ofSeconds(timeout));
        return peerToPeer.isEmpty() ? wished : wished.withPeerToPeer(peerToPeer.toArray(ReadyToReceive[]::new));
    }

    private void requireRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + " " + value + " must be " + least
                            + (most == Integer.MAX_VALUE ? " or more" : " to " + most));
        }
    }
}
