package io.verbena.examples.crowd;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Diagnostics;
import io.verbena.examples.command.Terminal;
import io.verbena.examples.command.VersionResource;
import io.verbena.verbs.cm.ConnectionFailedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Reads the command line, runs the rounds, shows and judges them. */
@Command(
        name = "crowd",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        versionProvider = VersionResource.class,
        description = {
            "Many clients and a hostile one on one shared receive queue: who gets what, and who is to blame.",
            "",
            "A server takes messages in at a steady beat and gives the receives back that they used. Each client has a "
                    + "credit, the messages it may have under way; three quarters of its limit. The hostile client keeps no "
                    + "rule. The limit on the shared receive queue is what protects the others: watch it, or take it away "
                    + "(--limits none) and watch what happens.",
            "",
            "Runs two rounds, without and with the hostile client, each on fresh devices, and prints the figures side by "
                    + "side. All of it runs in this process over TCP on loopback, the hostile client too, so it competes "
                    + "with the others for processors as well as for receives.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:no well-behaved client lost, missed or was blamed for anything, the hostile client was named, and throughput "
                    + "is at least 90 %% of that without it (not judged with --unpaced: then all compete for processors)",
            " 1:one of these is not so; one line says which",
            " 2:wrong usage"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  verbena crowd                                   200 clients, one that floods",
            "  verbena crowd --hostile unfinished --action drop",
            "  verbena crowd --refusal drop-connection         the first message too many ends its connection",
            "  verbena crowd --hostile greedy --limits none    what happens without limits",
            "  verbena crowd --limits fixed:64 --action lower  generous limits, and a monitor that acts",
            "  verbena crowd --unpaced                         everybody as fast as the credit allows"
        })
public final class CrowdCommand implements Callable<Integer> {
    private static final double PROMISED_RATIO = 0.9;
    private static final int TOP = 8;

    @Spec
    private CommandSpec spec;

    @Option(names = "--clients", paramLabel = "N", description = "Well-behaved clients, default ${DEFAULT-VALUE}.")
    private int clients = 200;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Messages a second of a client, on average, default ${DEFAULT-VALUE}. The fastest client is "
                    + "20 times faster than the slowest.")
    private int rate = 100;

    @Option(names = "--unpaced", description = "Let all clients send as fast as their credit allows.")
    private boolean unpaced;

    @Option(names = "--size", paramLabel = "OCTETS", description = "Length of a message, default ${DEFAULT-VALUE}.")
    private int size = 256;

    @Option(
            names = "--receives",
            paramLabel = "N",
            description = "Receives on the shared queue for each client, on average, default ${DEFAULT-VALUE}.")
    private int receives = 16;

    @Option(
            names = "--limits",
            paramLabel = "HOW",
            converter = LimitChoice.Converter.class,
            description =
                    "How they are divided: equal (default), weighted (by speed), fixed:N (N for each, whatever the "
                            + "depth), none.")
    private LimitChoice limits = LimitChoice.parse("equal");

    @Option(
            names = "--refusal",
            paramLabel = "HOW",
            description = "What becomes of a message beyond the limit: drop-message (default), drop-connection.")
    private Refusal refusal = Refusal.DROP_MESSAGE;

    @Option(
            names = "--action",
            paramLabel = "WHAT",
            description = "What is done about an offender: report (default), lower (its limit, to 1), drop (its "
                    + "connection).")
    private Reaction action = Reaction.REPORT;

    @Option(
            names = "--hostile",
            paramLabel = "KIND",
            description =
                    "What the hostile client does: flood (default; sends as fast as it can), greedy (takes nearly all receives "
                            + "for itself and waits for them to come back), unfinished (begins a message that draws all it "
                            + "may hold, and never ends it), half-frame (sends half a frame and falls silent), none.")
    private Hostility hostile = Hostility.FLOOD;

    @Option(
            names = "--hostile-rate",
            paramLabel = "N",
            description = "Messages a second of one that floods; 0 (default) for as fast as it can.")
    private int hostileRate;

    @Option(names = "--beat", paramLabel = "MS", description = "The server's beat, default ${DEFAULT-VALUE}.")
    private int beat = 10;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "Time of a round that counts, default ${DEFAULT-VALUE}.")
    private int seconds = 10;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description =
                    "Seconds at the beginning of a round that do not count, and in which the hostile client is not there "
                            + "yet, default ${DEFAULT-VALUE}.")
    private int warmUp = 3;

    @Option(
            names = "--baseline",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Run a round without the hostile client first (default), or do not.")
    private boolean baseline;

    @Option(
            names = "--plain",
            description = "Print a line each second instead of redrawing the screen; so it does without a terminal.")
    private boolean plain;

    @Mixin
    private Diagnostics diagnostics;

    @Override
    public Integer call() throws CommandFailedException, ConnectionFailedException, IOException, InterruptedException {
        Plan plan = plan();
        PrintWriter out = spec.commandLine().getOut();
        Figures without = null;
        if (baseline || hostile == Hostility.NONE) {
            without = round(out, plan.withoutHostile(), 0);
        }
        Figures with = hostile == Hostility.NONE ? null : round(out, plan, without == null ? 0 : without.perSecond());
        Report report = new Report(out, without, with);
        report.print();
        judge(report, without, with);
        return ExitCode.OK;
    }

    private Figures round(PrintWriter out, Plan plan, double without)
            throws CommandFailedException, ConnectionFailedException, IOException, InterruptedException {
        String title = plan.hostility() == Hostility.NONE
                ? plan.clients() + " clients"
                : plan.clients() + " clients and one that " + plan.hostility().words();
        boolean redraw = !plain && Terminal.watched();
        Screen screen = new Screen(out);
        View view = new View(plan, TOP);
        if (!redraw) {
            out.println(title);
        }
        Round.Watcher watcher = (server, counting, ns) -> {
            String time = String.format(Locale.ROOT, "%s %4.1f s", counting ? "counts" : "warms up", ns / 1e9);
            if (redraw) {
                screen.show(view.lines(server, title + ", " + time + " of " + (counting ? seconds : warmUp), without));
            } else {
                out.println("  " + view.line(server, time));
            }
        };
        Duration lookEvery = redraw ? Duration.ofMillis(250) : Duration.ofSeconds(1);
        Figures figures = new Round(plan, diagnostics, watcher, lookEvery)
                .run(Duration.ofSeconds(warmUp), Duration.ofSeconds(seconds));
        out.println();
        return figures;
    }

    private void judge(Report report, Figures without, Figures with) throws CommandFailedException {
        List<String> broken = new ArrayList<>();
        if (without != null) {
            without.brokenPromises().forEach(each -> broken.add("without the hostile client, " + each));
        }
        if (with != null) {
            broken.addAll(with.brokenPromises());
        }
        if (!unpaced && report.ratio() > 0 && report.ratio() < PROMISED_RATIO) {
            broken.add(String.format(
                    Locale.ROOT,
                    "the well-behaved clients have %.1f %% of the throughput they have without the hostile one, and %.0f %% "
                            + "were promised",
                    100 * report.ratio(),
                    100 * PROMISED_RATIO));
        }
        if (!broken.isEmpty()) {
            throw new CommandFailedException(String.join("; ", broken));
        }
    }

    private Plan plan() {
        require("--clients", clients, 1, 2000);
        require("--rate", rate, 1, 100_000);
        require("--size", size, Message.MIN_OCTETS, 16_384);
        require("--receives", receives, 2, 1024);
        require("--hostile-rate", hostileRate, 0, 100_000_000);
        require("--beat", beat, 1, 1000);
        require("--seconds", seconds, 1, 3600);
        require("--warm-up", warmUp, 0, 600);
        int depth = receives * (clients + 1);
        if (limits.receives() > depth) {
            throw wrong("--limits " + limits + " is more than the " + depth + " receives on the queue");
        }
        return new Plan(
                clients,
                receives,
                size,
                unpaced ? 0 : rate,
                limits,
                refusal,
                action,
                hostile,
                hostileRate,
                Duration.ofMillis(beat));
    }

    private void require(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw wrong(option + " " + value + " must be " + least + " to " + most);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
