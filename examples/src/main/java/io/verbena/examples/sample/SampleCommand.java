package io.verbena.examples.sample;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Diagnostics;
import io.verbena.examples.command.VersionResource;
import io.verbena.verbs.DeviceOptions;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the samples, or runs one. */
@Command(
        name = "sample",
        mixinStandardHelpOptions = true,
        versionProvider = VersionResource.class,
        description = {
            "Runs a small program that shows one thing; without a name, lists them.",
            "Their sources are in examples/src/main/java/io/verbena/examples/sample.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:it worked", " 1:it did not; one line says why", " 2:there is no such sample"},
        footerHeading = "%nExamples:%n",
        footer = {"  verbena sample", "  verbena sample write-and-read"})
public final class SampleCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The sample to run.")
    private String name;

    @Mixin
    private Diagnostics diagnostics;

    private enum Sample {
        SEND_AND_RECEIVE("one message, sent and received", SendAndReceive::run),
        WRITE_AND_READ("memory of the peer, written and read", WriteAndRead::run),
        ANY_BUFFER("buffers that nobody registered, through a registration cache", AnyBuffer::run),
        SHARED_COUNTER("a counter and a lock in memory of the peer, by atomic operations", SharedCounter::run),
        EXPOSE_USE_REVOKE("memory exposed, written by the peer and revoked in one round trip", ExposeUseRevoke::run),
        MANY_CONNECTIONS("a hundred connections on one completion queue", ManyConnections::run),
        TEXT_THEN_RDMA("a greeting in text, then RDMA on the same TCP connection", TextThenRdma::run),
        QUEUE_REGISTERS("the registers and slots of a send queue, step by step", QueueRegisters::run),
        METRICS_SCRAPE("what a Prometheus server would scrape", MetricsScrape::run);

        private final String words;
        private final Program program;

        Sample(String words, Program program) {
            this.words = words;
            this.program = program;
        }

        private String commandName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @FunctionalInterface
    private interface Program {
        void run(DeviceOptions options, Consumer<String> out) throws Exception;
    }

    @Override
    public Integer call() throws CommandFailedException {
        PrintWriter out = spec.commandLine().getOut();
        if (name == null) {
            for (Sample sample : Sample.values()) {
                out.printf(Locale.ROOT, "  %-20s%s%n", sample.commandName(), sample.words);
            }
            return ExitCode.OK;
        }
        Sample sample = Arrays.stream(Sample.values())
                .filter(each -> each.commandName().equals(name))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "there is no sample '" + name + "'; there are "
                                + Arrays.stream(Sample.values())
                                        .map(Sample::commandName)
                                        .collect(Collectors.joining(", "))));
        run(sample);
        return ExitCode.OK;
    }

    private void run(Sample sample) throws CommandFailedException {
        try {
            sample.program.run(
                    diagnostics.deviceOptions(name), spec.commandLine().getOut()::println);
        } catch (Exception e) {
            throw new CommandFailedException(name + " failed: " + e, e);
        }
    }
}
