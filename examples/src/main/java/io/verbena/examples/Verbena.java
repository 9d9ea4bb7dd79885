package io.verbena.examples;

import io.verbena.examples.bench.BenchCommand;
import io.verbena.examples.bench.BenchEndCommand;
import io.verbena.examples.command.Diagnostics;
import io.verbena.examples.command.FailureWords;
import io.verbena.examples.command.TraceLog;
import io.verbena.examples.command.VersionResource;
import io.verbena.examples.conformance.ConformanceCommand;
import io.verbena.examples.copy.CopyCommand;
import io.verbena.examples.crowd.CrowdCommand;
import io.verbena.examples.decode.DecodeCommand;
import io.verbena.examples.demo.DemoCommand;
import io.verbena.examples.demo.DemoServerCommand;
import io.verbena.examples.info.InfoCommand;
import io.verbena.examples.perf.PerfCommand;
import io.verbena.examples.rping.RpingCommand;
import io.verbena.examples.sample.SampleCommand;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code verbena} command line: parses, runs one command, turns its end into an exit code. */
@Command(
        name = "verbena",
        mixinStandardHelpOptions = true,
        versionProvider = VersionResource.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "RDMA from Java, over ordinary TCP: one process places octets straight into the memory of another.",
            ""
        },
        subcommands = {
            DemoCommand.class,
            CopyCommand.class,
            RpingCommand.class,
            PerfCommand.class,
            CrowdCommand.class,
            DecodeCommand.class,
            ConformanceCommand.class,
            InfoCommand.class,
            SampleCommand.class,
            BenchCommand.class,
            DemoServerCommand.class,
            BenchEndCommand.class,
            HelpCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            " 0:it worked",
            " 1:it did not; one line on standard error says why",
            " 2:the command line makes no sense"
        },
        footerHeading = "%nStart with:%n",
        footer = {
            "  verbena demo                  two JVMs, one connection, step by step",
            "  verbena copy --help           send a file into another process's memory",
            "  verbena sample                programs to read and to begin from"
        })
public final class Verbena implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private Verbena() {}

    /** Runs a command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
        PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
        System.exit(run(out, err, arguments));
    }

    /** Runs a command in this JVM and returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        TraceLog.silence();
        return new CommandLine(new Verbena())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(100)
                .setExecutionExceptionHandler(Verbena::failed)
                .setParameterExceptionHandler(Verbena::misused)
                .execute(arguments);
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    private static int failed(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + FailureWords.of(failure));
        if (parsed.hasMatchedOption(Diagnostics.DEBUG) || debugOfSubcommand(parsed)) {
            failure.printStackTrace(err);
        }
        err.flush();
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.SOFTWARE;
    }

    private static boolean debugOfSubcommand(ParseResult parsed) {
        ParseResult each = parsed;
        while (each.hasSubcommand()) {
            each = each.subcommand();
        }
        return each.hasMatchedOption(Diagnostics.DEBUG);
    }

    private static int misused(ParameterException misuse, String[] arguments) {
        CommandLine command = misuse.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(name + ": " + words(misuse) + " (see " + name + " --help)");
        command.getErr().flush();
        return ExitCode.USAGE;
    }

    private static String words(ParameterException misuse) {
        if (misuse instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            String first = unmatched.getUnmatched().get(0);
            boolean atRoot = misuse.getCommandLine().getParent() == null;
            return atRoot ? "there is no command '" + first + "'" : "'" + first + "' is one argument too many";
        }
        return misuse.getMessage();
    }
}
