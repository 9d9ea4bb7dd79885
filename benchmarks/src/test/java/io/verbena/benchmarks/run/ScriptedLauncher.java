package io.verbena.benchmarks.run;

import io.verbena.benchmarks.end.EndCommands;
import io.verbena.benchmarks.end.EndTask;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Ends that answer each command at once, on the commanding thread, with figures that count up; among other lines. */
final class ScriptedLauncher implements EndLauncher {
    private final List<EndTask> started = new ArrayList<>();
    private final List<String> measured = new ArrayList<>();
    private Predicate<EndTask> failing = task -> false;
    private Predicate<EndTask> vanishing = task -> false;
    private int closed;

    void failAt(Predicate<EndTask> which) {
        failing = which;
    }

    void vanishAt(Predicate<EndTask> which) {
        vanishing = which;
    }

    List<EndTask> started() {
        return started;
    }

    List<String> measured() {
        return measured;
    }

    int closed() {
        return closed;
    }

    @Override
    public EndHandle start(EndTask task) throws IOException {
        started.add(task);
        if (vanishing.test(task)) {
            return new EndHandle(
                    task, OutputStream.nullOutputStream(), new ByteArrayInputStream(new byte[0]), () -> closed++);
        }
        PipedOutputStream answers = new PipedOutputStream();
        InputStream read = new PipedInputStream(answers);
        return new EndHandle(task, new Script(task, answers), read, () -> closed++);
    }

    private final class Script extends ByteArrayOutputStream {
        private final EndTask task;
        private final OutputStream answers;
        private int measurements;

        Script(EndTask task, OutputStream answers) {
            this.task = task;
            this.answers = answers;
        }

        @Override
        public void flush() throws IOException {
            String written = toString(StandardCharsets.UTF_8);
            if (!written.endsWith(System.lineSeparator())) {
                return;
            }
            reset();
            for (String command : written.lines().toList()) {
                answers.write(("a library says something\n" + EndCommands.MARK + answer(command) + "\n")
                        .getBytes(StandardCharsets.UTF_8));
                answers.flush();
            }
        }

        private String answer(String command) {
            if (failing.test(task)) {
                return "failed it was told to";
            }
            return switch (command.split(" ")[0]) {
                case "listen" -> "ports 1 2";
                case "accept" -> "accepted";
                case "connect" -> "connected";
                case "serve" -> "serving";
                case "end" -> "figures processors=0.5";
                case "measure" -> {
                    measured.add(task.contender().label());
                    yield "figures value=" + ++measurements;
                }
                default -> "bye";
            };
        }
    }
}
