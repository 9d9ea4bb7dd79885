package io.verbena.examples.conformance;

import io.verbena.capture.SocketCapture;
import io.verbena.conformance.CaseOutcome;
import io.verbena.conformance.CaseResult;
import io.verbena.conformance.ConformanceCase;
import io.verbena.conformance.ConformanceRun;
import io.verbena.conformance.Subject;
import io.verbena.conformance.SubjectRole;
import io.verbena.conformance.raw.RawListener;
import io.verbena.conformance.raw.RawObserver;
import io.verbena.conformance.raw.RawPeer;
import io.verbena.examples.command.CommandDeadline;
import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Diagnostics;
import io.verbena.examples.command.HostAndPort;
import io.verbena.examples.command.VersionResource;
import io.verbena.verbs.Device;
import io.verbena.verbs.cm.ConnectionParameters;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads the command line of conformance: the runner in two roles, and the application in two roles. */
@Command(
        name = "conformance",
        mixinStandardHelpOptions = true,
        versionProvider = VersionResource.class,
        sortOptions = false,
        customSynopsis = {
            "verbena conformance HOST:PORT [OPTIONS]           the stack under test listens there",
            "       verbena conformance listen HOST:PORT [OPTIONS]    the stack under test connects to here",
            "       verbena conformance serve [HOST:PORT]             our application, as a stack that listens",
            "       verbena conformance connect HOST:PORT             our application, as a stack that connects"
        },
        description = {
            "Puts an iWARP stack, ours or another, through cases: octets right and wrong, and what has to come back.",
            "",
            "The stack under test runs a small application: it answers each message with a Send that offers memory. "
                    + "docs/conformance.md has the contract.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:every case passed, or was skipped with its reason",
            " 1:something differs; it is named",
            " 2:wrong usage"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  verbena conformance serve & verbena conformance 127.0.0.1    ours, as responder",
            "  verbena conformance listen & verbena conformance connect 127.0.0.1",
            "  verbena conformance host:7177 --only ddp --only read-odd-sizes",
            "  verbena conformance host --pause 50 --json siw.json    Linux siw",
            "  verbena conformance host --alone startup-not-mpa --restart 'systemctl restart it'"
        })
public final class ConformanceCommand implements Callable<Integer> {
    private static final int DEFAULT_PORT = 7177;
    private static final int MOST_PAUSE_MS = 10_000;
    /** A stack that waits for a Reply may take as long to notice that none comes. */
    private static final Duration ABSENCE = Duration.ofSeconds(30);

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "HOST:PORT",
            description = "Where the stack under test listens, default port " + DEFAULT_PORT
                    + "; or one of the words listen, serve, connect.")
    private String first;

    @Parameters(index = "1", arity = "0..1", hidden = true)
    private String second;

    @Option(names = "--list", description = "List the cases and play none.")
    private boolean list;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description = "Only cases whose names begin so; may be given several times.")
    private List<String> only = List.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results as JSON.")
    private Path json;

    @Option(names = "--report", paramLabel = "FILE", description = "Also write the results as Markdown.")
    private Path report;

    @Option(
            names = "--stack",
            paramLabel = "NAME",
            description = "What the results call the stack under test, default: its address.")
    private String stack;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "The longest wait for one answer, default ${DEFAULT-VALUE}.")
    private int timeout = 5;

    @Option(
            names = "--pause",
            paramLabel = "MS",
            description =
                    "Leave the stack alone for so long before our first FPDU, behind the offer, and between the pieces "
                            + "of what is sent in pieces; Linux siw needs 50. Default: not at all.")
    private int pause;

    @Option(
            names = "--alone",
            paramLabel = "NAME",
            description = "Play cases whose names begin so with a stack of their own, because they leave it unfit for "
                    + "others; needs --restart; may be given several times.")
    private List<String> alone = List.of();

    @Option(
            names = "--restart",
            paramLabel = "COMMAND",
            description = "What makes the stack anew before and behind a case of --alone, given to sh -c.")
    private String restart;

    @Option(
            names = "--deadline",
            paramLabel = "SECONDS",
            description = "Give up after so many seconds whatever happens; default: never.")
    private int deadline;

    @Mixin
    private Diagnostics diagnostics;

    /** What can be done. */
    private enum Task {
        RUN,
        LISTEN,
        SERVE,
        CONNECT
    }

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        requireRange("--timeout", timeout, 1, Integer.MAX_VALUE);
        requireRange("--deadline", deadline, 0, Integer.MAX_VALUE);
        requireRange("--pause", pause, 0, MOST_PAUSE_MS);
        if (alone.isEmpty() != (restart == null)) {
            throw misuse("--alone and --restart go together");
        }
        Task task = task();
        if (diagnostics.asksForTrace() && (task == Task.RUN || task == Task.LISTEN)) {
            throw misuse("--trace shows the frames of our stack: give it to serve or connect; here there is --capture");
        }
        if (list) {
            list(role(task));
            return ExitCode.OK;
        }
        InetSocketAddress address = address(task);
        if (task == Task.RUN || task == Task.LISTEN) {
            cases(role(task));
            requireAlone(role(task));
            requirePlace("--json", json);
            requirePlace("--report", report);
        }
        try (CommandDeadline limit = CommandDeadline.ofSeconds(deadline)) {
            limit.run(() -> perform(task, address));
        }
        return ExitCode.OK;
    }

    private Task task() {
        for (Task each : Task.values()) {
            if (each != Task.RUN && each.name().equalsIgnoreCase(first)) {
                return each;
            }
        }
        if (second != null) {
            throw misuse("'" + second + "' is one argument too many");
        }
        if (first == null && !list) {
            throw misuse("say where the stack under test is: HOST:PORT, or listen, or --list");
        }
        return Task.RUN;
    }

    private static SubjectRole role(Task task) {
        return task == Task.LISTEN || task == Task.CONNECT ? SubjectRole.INITIATOR : SubjectRole.RESPONDER;
    }

    private InetSocketAddress address(Task task) throws CommandFailedException {
        String text = task == Task.RUN ? first : second;
        if (text == null && task == Task.CONNECT) {
            throw misuse("say where to connect to: verbena conformance connect HOST:PORT");
        }
        try {
            return HostAndPort.parse(text == null ? "" : text).resolve(InetAddress.getLoopbackAddress(), DEFAULT_PORT);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void perform(Task task, InetSocketAddress address)
            throws CommandFailedException, IOException, InterruptedException {
        Duration longest = Duration.ofSeconds(timeout);
        if (task == Task.SERVE || task == Task.CONNECT) {
            apply(task, address);
            return;
        }
        Optional<SocketCapture> capture = diagnostics.socketCapture("conformance");
        try {
            RawObserver observer = capture.<RawObserver>map(RawCapture::new).orElse(RawObserver.NONE);
            if (task == Task.RUN) {
                run(Subject.listening(address, longest, Duration.ofMillis(pause), observer), address);
                return;
            }
            try (RawListener listener = RawPeer.listen(address, ABSENCE, longest, observer)) {
                out().println("listening on " + HostAndPort.toString(listener.address()));
                run(Subject.connecting(listener, Duration.ofMillis(pause)), listener.address());
            }
        } finally {
            capture.ifPresent(SocketCapture::close);
        }
    }

    private void run(Subject subject, InetSocketAddress address)
            throws CommandFailedException, IOException, InterruptedException {
        List<ConformanceCase> cases = cases(subject.role());
        List<CaseResult> results = new ConformanceRun(subject, this::tell)
                .isolating(each -> CaseSelection.begins(each, alone), new RestartCommand(restart))
                .play(cases);
        String name = stack == null ? HostAndPort.toString(address) : stack;
        if (json != null) {
            ResultFiles.writeJson(json, name, subject.role(), results);
        }
        if (report != null) {
            ResultFiles.writeMarkdown(report, name, subject.role(), results);
        }
        long different = CaseOutcome.DIFFERS.count(results);
        out().println(CaseOutcome.PASS.count(results) + " passed, " + different + " differ, "
                + CaseOutcome.SKIPPED.count(results) + " skipped");
        if (different > 0) {
            throw new CommandFailedException(different + " of " + results.size() + " cases differ");
        }
    }

    private void tell(CaseResult result) {
        String line = String.format(
                Locale.ROOT, "%-8s %s", result.outcome().word(), result.played().name());
        out().println(result.reason().isEmpty() ? line : line + ": " + result.reason());
    }

    private void list(SubjectRole role) {
        for (ConformanceCase each : cases(role)) {
            out().printf(
                            Locale.ROOT,
                            "%-46s %-15s %s -> %s%n",
                            each.name(),
                            each.clause(),
                            each.sends(),
                            each.expects());
        }
    }

    private List<ConformanceCase> cases(SubjectRole role) {
        try {
            return CaseSelection.of(role, only);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--only: " + e.getMessage(), e);
        }
    }

    private void requireAlone(SubjectRole role) {
        try {
            CaseSelection.requireKnown(role, alone);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--alone: " + e.getMessage(), e);
        }
    }

    private void apply(Task task, InetSocketAddress address) throws IOException, InterruptedException {
        boolean serving = task == Task.SERVE;
        Duration silence = Duration.ofSeconds(Math.max(30, 2L * timeout));
        ConnectionParameters parameters =
                ConnectionParameters.defaults().withReadDepths(16, 16).withDeadline(silence);
        try (Device device = Device.open(diagnostics.deviceOptions(serving ? "responder" : "initiator"))) {
            ConformanceApplication application = new ConformanceApplication(device, parameters, silence, out());
            if (serving) {
                application.serve(address);
            } else {
                out().println(application.connect(address) + " connections");
            }
        }
    }

    /** A run is long; that its results cannot be written should not be its end. */
    private void requirePlace(String option, Path file) {
        if (file == null) {
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            throw misuse(option + ": '" + file + "' is a folder, not a file");
        }
        if (!Files.isWritable(Files.exists(file) ? file : folder)) {
            throw misuse(option + ": '" + file + "' cannot be written"
                    + (Files.isDirectory(folder) ? "" : ", there is no folder '" + folder + "'"));
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void requireRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw misuse(option + " " + value + " must be " + least
                    + (most == Integer.MAX_VALUE ? " or more" : " to " + most));
        }
    }

    private ParameterException misuse(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
