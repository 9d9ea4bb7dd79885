package io.verbena.examples.demo;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.Diagnostics;
import io.verbena.verbs.Device;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/** The second process of the demo; started by {@link DemoCommand}, of no use to people. */
@Command(name = "demo-server", hidden = true)
public final class DemoServerCommand implements Callable<Integer> {
    private static final int PARENT_GONE = 3;

    @Mixin
    private Diagnostics diagnostics;

    @Override
    public Integer call() throws CommandFailedException, IOException, InterruptedException {
        Thread watch = new Thread(DemoServerCommand::endWithParent, "demo-parent-watch");
        watch.setDaemon(true);
        watch.start();
        try (Device device = Device.open(diagnostics.deviceOptions("server"))) {
            new DemoServer(new PrintWriter(System.out, true, StandardCharsets.UTF_8)).run(device);
        } catch (TimeoutException e) {
            throw new CommandFailedException("the client did not connect", e);
        }
        return ExitCode.OK;
    }

    /** Standard input ends when the process that started this one is gone, however it went. */
    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever sent here; only the end counts.
            }
        } catch (IOException e) {
            // A broken pipe is an end as well.
            Runtime.getRuntime().halt(PARENT_GONE);
        }
        Runtime.getRuntime().halt(PARENT_GONE);
    }
}
