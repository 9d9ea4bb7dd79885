package io.verbena.benchmarks.run;

import io.verbena.benchmarks.end.EndTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts each end in a JVM of its own: the same Java, the same class path, no flags. */
public final class ProcessLauncher implements EndLauncher {
    private static final long GRACE_SECONDS = 3;

    private final List<String> program;

    /** Starts ends with {@code program}, a main class and its first arguments; those of the end's task follow. */
    public ProcessLauncher(List<String> program) {
        this.program = List.copyOf(program);
    }

    @Override
    public EndHandle start(EndTask task) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.addAll(program);
        command.addAll(task.arguments());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Thread hook = new Thread(process::destroyForcibly, "bench-removal");
        Runtime.getRuntime().addShutdownHook(hook);
        return new EndHandle(task, process.getOutputStream(), process.getInputStream(), () -> remove(process, hook));
    }

    private static void remove(Process process, Thread hook) {
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException thisProcessIsEnding) {
            // The hook runs or has run, and ends the process as well.
            return;
        }
    }
}
