package io.verbena.examples;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A command in a JVM of its own, without flags; what it prints goes to files. */
public final class ToolProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern LISTENING = Pattern.compile("listening on \\S+:(\\d+)");

    private final Process process;
    private final Path out;
    private final Path err;

    private ToolProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts a command; its output goes to files in {@code directory}. */
    public static ToolProcess start(Path directory, String... arguments) throws IOException {
        Path out = Files.createTempFile(directory, "out", ".txt");
        Path err = Files.createTempFile(directory, "err", ".txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Verbena.class.getName());
        command.addAll(List.of(arguments));
        return new ToolProcess(
                new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(new File(nothing(directory))))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start(),
                out,
                err);
    }

    private static String nothing(Path directory) throws IOException {
        return Files.createTempFile(directory, "in", ".txt").toString();
    }

    public int exitCode() throws InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end");
        }
        return process.exitValue();
    }

    /** Waits until it says where it listens, and returns the port. */
    public int port() throws IOException {
        Awaitility.await().atMost(LIMIT).until(() -> listening().find() || !process.isAlive());
        Matcher listening = listening();
        if (!listening.find()) {
            throw new AssertionError("it does not listen: " + out() + err());
        }
        return Integer.parseInt(listening.group(1));
    }

    public String out() throws IOException {
        return Files.readString(out);
    }

    public String err() throws IOException {
        return Files.readString(err);
    }

    /** Ends it at once, as a crash would. */
    public void kill() {
        process.destroyForcibly();
        Awaitility.await().atMost(LIMIT).until(() -> !process.isAlive());
    }

    private Matcher listening() throws IOException {
        return LISTENING.matcher(out() + err());
    }

    @Override
    public void close() {
        kill();
    }
}
