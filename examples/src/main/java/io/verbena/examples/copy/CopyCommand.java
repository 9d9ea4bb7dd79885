package io.verbena.examples.copy;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Diagnostics;
import io.verbena.examples.command.HostAndPort;
import io.verbena.examples.command.HostAndPortConverter;
import io.verbena.examples.command.OctetCount;
import io.verbena.examples.command.Terminal;
import io.verbena.examples.command.VersionResource;
import io.verbena.examples.command.WireOptions;
import io.verbena.verbs.Device;
import io.verbena.verbs.cm.ConnectionParameters;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads the command line of copy and runs one end of it. */
@Command(
        name = "copy",
        mixinStandardHelpOptions = true,
        versionProvider = VersionResource.class,
        sortOptions = false,
        customSynopsis = {
            "verbena copy serve [--listen HOST:PORT] [--to DIR] [--once] [--force] [OPTIONS]",
            "       verbena copy FILE HOST:PORT [OPTIONS]"
        },
        description = {
            "Sends a file of any size by RDMA Writes, and compares digests.",
            "",
            "The receiver allocates a file, maps it, registers it as one region, and tells the sender where it is. The "
                    + "sender fills it with RDMA Writes; the receiver's code is not asked. Both compute a SHA-256, and only "
                    + "if they are equal does the file get its name. There is no authentication: use trusted networks.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:the file is at the receiver, digests are equal",
            " 1:it is not, and nothing of it is left there; one line says why",
            " 2:wrong usage"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  verbena copy serve --to /tmp --once          receive one file into /tmp, on this machine only",
            "  verbena copy big.iso 127.0.0.1:7175          send it",
            "  verbena copy serve --listen 0.0.0.0:7175     receive from other machines too"
        })
public final class CopyCommand implements Callable<Integer> {
    private static final int DEFAULT_PORT = 7175;
    private static final String SERVE = "serve";

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "The file to send; or the word serve.")
    private String file;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "HOST:PORT",
            converter = HostAndPortConverter.class,
            description = "The receiver; default port " + DEFAULT_PORT + ".")
    private HostAndPort receiver;

    @Option(names = "--serve", description = "Receive files (the same as the word serve).")
    private boolean serve;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            converter = HostAndPortConverter.class,
            description = "Receiver: where to listen, default 127.0.0.1:" + DEFAULT_PORT
                    + ", which other machines cannot reach. Port 0 takes any free one.")
    private HostAndPort listen;

    @Option(names = "--to", paramLabel = "DIR", description = "Receiver: where files go, default here.")
    private Path directory;

    @Option(names = "--once", description = "Receiver: end after one file, with exit code 0 if it arrived.")
    private boolean once;

    @Option(names = "--force", description = "Receiver: replace existing files.")
    private boolean force;

    @Option(
            names = "--max-size",
            paramLabel = "SIZE",
            converter = OctetCount.Converter.class,
            description = "Receiver: refuse larger files, such as 64M or 2G.")
    private OctetCount maxSize;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "The longest silence of the other end, default ${DEFAULT-VALUE}.")
    private int timeout = 30;

    @Mixin
    private WireOptions wire;

    @Mixin
    private Diagnostics diagnostics;

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        if (timeout < 1) {
            throw misuse("--timeout " + timeout + " must be 1 or more");
        }
        boolean receive = serve || (receiver == null && SERVE.equalsIgnoreCase(file));
        ConnectionParameters parameters = wire.applyTo(ConnectionParameters.defaults());
        if (receive) {
            receive(parameters);
        } else {
            send(parameters);
        }
        return ExitCode.OK;
    }

    private void receive(ConnectionParameters parameters)
            throws CommandFailedException, IOException, InterruptedException {
        if (receiver != null || (file != null && !SERVE.equalsIgnoreCase(file))) {
            throw misuse("a receiver takes no FILE and no HOST:PORT; where it listens says --listen");
        }
        Path target = directory == null ? Path.of("") : directory;
        if (!Files.isDirectory(target) || !Files.isWritable(target)) {
            throw new CommandFailedException("--to " + target + " must be an existing directory that can be written");
        }
        HostAndPort where = listen == null ? new HostAndPort("", DEFAULT_PORT) : listen;
        InetSocketAddress local = where.resolve(InetAddress.getLoopbackAddress(), DEFAULT_PORT);
        TargetDirectory files = new TargetDirectory(
                target,
                force,
                maxSize == null ? Long.MAX_VALUE : maxSize.octets(),
                path -> Files.getFileStore(path.toAbsolutePath()).getUsableSpace());
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (Device device = Device.open(diagnostics.deviceOptions("copy-receiver"))) {
            CopyReceiver server = new CopyReceiver(device, files, parameters, Duration.ofSeconds(timeout), out, err);
            if (once) {
                server.serveOne(local);
            } else {
                server.serve(local);
            }
        }
    }

    private void send(ConnectionParameters parameters)
            throws CommandFailedException, IOException, InterruptedException {
        if (file == null || file.isEmpty() || receiver == null) {
            throw misuse("say what to send and where: verbena copy FILE HOST:PORT, or verbena copy serve");
        }
        if (listen != null || directory != null || once || force || maxSize != null) {
            throw misuse("--listen, --to, --once, --force and --max-size are for the receiver");
        }
        Path path = path();
        if (Files.isDirectory(path)) {
            throw new CommandFailedException(path + " is a directory; copy sends one file");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new CommandFailedException(path + " is not a regular file; copy sends files whose size is known");
        }
        InetSocketAddress remote = receiver.resolve(InetAddress.getLoopbackAddress(), DEFAULT_PORT);
        PrintWriter out = spec.commandLine().getOut();
        try (Device device = Device.open(diagnostics.deviceOptions("copy-sender"))) {
            CopySender sender = new CopySender(device, parameters, Duration.ofSeconds(timeout), Terminal.watched());
            CopyReport report = sender.send(path, remote);
            out.println("sent " + path.getFileName() + ", " + report.words());
            out.println("SHA-256 " + report.digestHex() + ", equal at both ends");
        }
    }

    private Path path() {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw misuse("'" + file + "' is no file name on this system: " + e.getReason());
        }
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
