package io.verbena.examples.bench;

import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.row.BenchRow;
import io.verbena.benchmarks.row.Contender;
import io.verbena.benchmarks.row.Effort;
import io.verbena.benchmarks.row.ReadsBesideWrites;
import io.verbena.benchmarks.row.RowJson;
import io.verbena.benchmarks.row.RowList;
import io.verbena.benchmarks.row.RowResult;
import io.verbena.benchmarks.row.RowTable;
import io.verbena.benchmarks.run.BenchRun;
import io.verbena.benchmarks.run.EndLauncher;
import io.verbena.benchmarks.run.ProcessLauncher;
import io.verbena.benchmarks.scale.Population;
import io.verbena.benchmarks.scale.ScaleEffort;
import io.verbena.examples.Verbena;
import io.verbena.examples.command.Diagnostics;
import io.verbena.examples.command.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures rows and prints them as a table, and as JSON if asked. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measure Verbena beside raw TCP and plain Netty, in turn, each in two JVMs of its own over loopback.",
            "Every figure is the median of the repetitions; spread is the distance of the largest of ours from the smallest.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:every row was measured, whether or not it met its budget",
            " 1:a row was not; its line says why, the others were measured all the same",
            " 2:the command line makes no sense"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  verbena bench --list                          what each row measures, and its budget",
            "  verbena bench                                 all rows, under 10 minutes on 2 processors",
            "  verbena bench write-1m-direct --json out.json",
            "  verbena bench --scale regions                 whether 100,000 regions make an operation dearer"
        })
public final class BenchCommand implements Callable<Integer> {
    /** Measurements of each contender in a row. */
    private static final int REPETITIONS = 5;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ROW", arity = "0..*", description = "Rows to measure; all if none is named.")
    private List<String> names = List.of();

    @Option(names = "--list", description = "Say what each row measures, and measure nothing.")
    private boolean list;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the rows to FILE as a JSON array as well.")
    private Path json;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            description = "Measurements of each contender in a row, 1 to 1000; 5 if not given, 1 with --quick.")
    private Integer repetitions;

    @Option(names = "--quick", description = "See that every row works, in a moment; the figures mean nothing.")
    private boolean quick;

    @Option(
            names = "--scale",
            arity = "0..1",
            fallbackValue = ScaleScreen.ALL,
            paramLabel = "OF",
            description = {
                "Measure no rows, but whether operations cost more where there is more: of queue-pairs, regions or windows,",
                "or of all three if nothing is said. In this process; one minute."
            })
    private String scale;

    @Option(
            names = Diagnostics.CAPTURE,
            paramLabel = "FILE",
            description = {
                "Write all octets of Verbena's connections to a pcapng file, for Wireshark or verbena decode; of one row, or of "
                        + "one population. The figures are those of a device that does this, and FILE grows as fast as octets "
                        + "move: a look at what is on the wire, best with --quick."
            })
    private Path capture;

    @Override
    public Integer call() throws EndFailedException, IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (list) {
            RowList.lines().forEach(out::println);
            return ExitCode.OK;
        }
        if (scale != null) {
            List<Population> populations = populations();
            requireOneToCapture(populations.size(), "population");
            ScaleScreen.show(populations, scaleEffort(), capture, out);
            return ExitCode.OK;
        }
        List<BenchRow> rows = rows();
        requireOneToCapture(rows.size(), "row");
        int times = times();
        if (json != null) {
            // Before minutes are spent, not after.
            Files.writeString(json, "");
        }
        BenchScreen screen = new BenchScreen(out, spec.commandLine().getErr(), Terminal.watched());
        out.println(RowTable.header());
        BenchRun run = new BenchRun(launcher(), quick ? Effort.QUICK : Effort.FULL, times);
        List<RowResult> results = run.run(rows, screen);
        ReadsBesideWrites.lines(results).forEach(out::println);
        if (json != null) {
            Files.writeString(json, RowJson.text(results));
        }
        return results.stream().allMatch(RowResult::succeeded) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Starts ends in processes; ours that connects writes the capture. */
    private EndLauncher launcher() {
        EndLauncher processes = new ProcessLauncher(List.of(Verbena.class.getName(), BenchEndCommand.NAME));
        return capture == null
                ? processes
                : task -> processes.start(
                        task.contender() == Contender.OURS && task.role() == EndTask.Role.CLIENT
                                ? task.withCapture(capture.toAbsolutePath())
                                : task);
    }

    private void requireOneToCapture(int count, String what) {
        if (capture != null && count != 1) {
            // Each would begin the file anew.
            throw new ParameterException(
                    spec.commandLine(), Diagnostics.CAPTURE + " is of one " + what + ", and these are " + count);
        }
    }

    private List<Population> populations() {
        if (json != null || !names.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--scale measures no rows; it goes with neither their names nor --json");
        }
        return ScaleScreen.populations(scale)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "--scale is of queue-pairs, regions or windows, not of '" + scale + "'"));
    }

    private ScaleEffort scaleEffort() {
        ScaleEffort effort = quick ? ScaleEffort.QUICK : ScaleEffort.FULL;
        return effort.withRounds(times());
    }

    private List<BenchRow> rows() {
        if (names.isEmpty()) {
            return Arrays.asList(BenchRow.values());
        }
        Set<BenchRow> rows = new LinkedHashSet<>();
        for (String name : names) {
            rows.add(BenchRow.named(name)
                    .orElseThrow(() -> new ParameterException(
                            spec.commandLine(), "there is no row '" + name + "'; --list names them")));
        }
        return List.copyOf(rows);
    }

    private int times() {
        int times = repetitions == null ? (quick ? 1 : REPETITIONS) : repetitions;
        if (times < 1 || times > 1000) {
            throw new ParameterException(spec.commandLine(), "--repetitions must be 1 to 1000, not " + times);
        }
        return times;
    }
}
