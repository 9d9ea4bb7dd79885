package io.verbena.examples.bench;

import io.verbena.benchmarks.end.EndCommands;
import io.verbena.benchmarks.end.EndTask;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One of the processes that {@link BenchCommand} starts; of no use to people. */
@Command(name = BenchEndCommand.NAME, hidden = true)
public final class BenchEndCommand implements Callable<Integer> {
    static final String NAME = "bench-end";

    private static final int COMMANDER_GONE = 3;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "4..5", paramLabel = "TASK")
    private List<String> task;

    @Override
    public Integer call() {
        EndTask parsed;
        try {
            parsed = EndTask.parse(task);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        boolean done = EndCommands.run(
                parsed, System.in, answers, () -> Runtime.getRuntime().halt(COMMANDER_GONE));
        return done ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
