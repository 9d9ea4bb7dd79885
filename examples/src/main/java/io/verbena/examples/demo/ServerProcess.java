package io.verbena.examples.demo;

import io.verbena.examples.command.CommandFailedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The second JVM: the same Java, the same class path, no flags. It never outlives this object, nor this process.
 *
 * <p>Thread rule: one thread; a daemon thread of its own reads the server's lines.
 */
final class ServerProcess implements AutoCloseable {
    private static final String MAIN_CLASS = "io.verbena.examples.Verbena";
    private static final String END = "end of output";
    private static final long GRACE_SECONDS = 3;

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Map<String, String> facts = new HashMap<>();
    private final DemoScreen screen;
    private final Thread removal;

    private ServerProcess(Process process, DemoScreen screen) {
        this.process = process;
        this.screen = screen;
        removal = new Thread(process::destroyForcibly, "demo-server-removal");
        Runtime.getRuntime().addShutdownHook(removal);
        Thread reader = new Thread(this::readLines, "demo-server-lines");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts it with the arguments of the command line. */
    static ServerProcess start(DemoScreen screen, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(MAIN_CLASS);
        command.addAll(arguments);
        return new ServerProcess(
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start(),
                screen);
    }

    long pid() {
        return process.pid();
    }

    /** Shows what the server says until it has done {@code step}. */
    void await(String step, Duration deadline) throws CommandFailedException, InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            String text = lines.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (text == null) {
                throw new CommandFailedException(
                        "the server did not come to '" + step + "' within " + deadline.toSeconds() + " s");
            }
            if (text.equals(END)) {
                process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
                throw new CommandFailedException("the server's process ended before '" + step + "'"
                        + (process.isAlive() ? "" : ", with exit code " + process.exitValue()));
            }
            ServerLine line = ServerLine.parse(text);
            if (line == null) {
                continue;
            }
            switch (line.kind()) {
                case SAY -> screen.server(line.text());
                case FACT -> facts.put(line.name(), line.text());
                case DONE -> {
                    if (line.name().equals(step)) {
                        return;
                    }
                }
            }
        }
    }

    /** Returns what the server said of {@code name}. */
    String fact(String name) throws CommandFailedException {
        String value = facts.get(name);
        if (value == null) {
            throw new CommandFailedException("the server did not tell its " + name);
        }
        return value;
    }

    /** Waits for the server to end by itself. */
    void awaitEnd(Duration deadline) throws CommandFailedException, InterruptedException {
        if (!process.waitFor(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new CommandFailedException("the server's process did not end within " + deadline.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
            throw new CommandFailedException("the server's process ended with exit code " + process.exitValue());
        }
    }

    private void readLines() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            String line = reader.readLine();
            while (line != null) {
                lines.add(line);
                line = reader.readLine();
            }
        } catch (IOException e) {
            lines.add(ServerLine.say("its output broke: " + e.getMessage()));
        } finally {
            lines.add(END);
        }
    }

    /** Ends the process if it still runs. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(removal);
        } catch (IllegalStateException theProcessIsEnding) {
            // The hook runs or has run, and ends the server as well.
        }
    }
}
