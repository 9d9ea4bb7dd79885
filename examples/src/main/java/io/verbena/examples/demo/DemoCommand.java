package io.verbena.examples.demo;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Diagnostics;
import io.verbena.examples.command.VersionResource;
import io.verbena.verbs.Device;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Starts the second JVM and runs the demo's client against it. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = VersionResource.class,
        description = {
            "Two JVMs, one connection: shows what RDMA does, step by step.",
            "",
            "Starts a second JVM, connects to it, and tells with the real values what happens at both ends: memory and STags, "
                    + "private data, Send and receive, RDMA Write, RDMA Read, and a Write that is refused.",
            ""
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {" 0:every step did what it should, checked at both ends", " 1:one did not; one line says which"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  verbena demo", "  verbena demo --trace    with one line for each frame on the wire"})
public final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Diagnostics diagnostics;

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        long began = System.nanoTime();
        DemoScreen screen = new DemoScreen(
                spec.commandLine().getOut(), spec.commandLine().getColorScheme().ansi());
        List<String> arguments = new ArrayList<>(List.of("demo-server"));
        arguments.addAll(diagnostics.arguments());
        try (ServerProcess server = ServerProcess.start(screen, arguments);
                Device device = Device.open(diagnostics.deviceOptions("client"))) {
            screen.title("Two JVMs, one RDMA connection");
            screen.plain("The client is this JVM, process "
                    + ProcessHandle.current().pid() + ". It has started the server, a second JVM, process "
                    + server.pid()
                    + ". Both run Java " + System.getProperty("java.version")
                    + ". Between them there is TCP over loopback.");
            new DemoClient(screen, server, device).run();
        }
        screen.plain(String.format(
                Locale.ROOT,
                "All six steps did what they should, checked at both ends, in %.1f s. Next: verbena copy --help, verbena sample.",
                (System.nanoTime() - began) / 1e9));
        return ExitCode.OK;
    }
}
