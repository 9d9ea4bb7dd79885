package io.verbena.benchmarks.run;

import io.verbena.benchmarks.end.EndCommands;
import io.verbena.benchmarks.end.EndTask;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Starts each end on a thread of this JVM, which is soon done. */
final class ThreadLauncher implements EndLauncher {
    @Override
    public EndHandle start(EndTask task) throws IOException {
        PipedOutputStream commands = new PipedOutputStream();
        PipedInputStream commandsRead = new PipedInputStream(commands);
        PipedOutputStream answers = new PipedOutputStream();
        PipedInputStream answersRead = new PipedInputStream(answers);
        Thread end = new Thread(() -> run(task, commandsRead, answers), "end-" + task.role());
        end.setDaemon(true);
        end.start();
        return new EndHandle(task, commands, answersRead, () -> join(end));
    }

    private static void run(EndTask task, PipedInputStream commands, PipedOutputStream answers) {
        try (PrintStream lines = new PrintStream(answers, true, StandardCharsets.UTF_8)) {
            EndCommands.run(task, commands, lines, () -> {});
        }
    }

    private static void join(Thread end) {
        try {
            end.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (end.isAlive()) {
            throw new UncheckedIOException(new IOException("the " + end.getName() + " does not end"));
        }
    }
}
