package io.verbena.examples;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A command that runs on a thread of this JVM, with what it prints. */
public final class RunningTool implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern LISTENING = Pattern.compile("listening on \\S+:(\\d+)");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private final Thread thread;

    private RunningTool(String... arguments) {
        thread = new Thread(
                () -> {
                    try {
                        exitCode.complete(
                                Verbena.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments));
                    } catch (RuntimeException | Error e) {
                        exitCode.completeExceptionally(e);
                    }
                },
                "tool-" + arguments[0]);
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts a command. */
    public static RunningTool start(String... arguments) {
        return new RunningTool(arguments);
    }

    /** Runs a command to its end. */
    public static RunningTool run(String... arguments) throws Exception {
        RunningTool tool = new RunningTool(arguments);
        tool.exitCode();
        return tool;
    }

    /** Waits for its end and returns the exit code. */
    public int exitCode() throws Exception {
        return exitCode.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Waits until it says where it listens, and returns the port. */
    public int port() {
        Awaitility.await().atMost(LIMIT).until(() -> listening().find() || exitCode.isDone());
        Matcher listening = listening();
        if (!listening.find()) {
            throw new AssertionError("it does not listen: " + output());
        }
        return Integer.parseInt(listening.group(1));
    }

    public String out() {
        return out.toString();
    }

    public String err() {
        return err.toString();
    }

    /** Returns all it printed, for the message of an assertion. */
    public String output() {
        return "out:\n" + out + "err:\n" + err;
    }

    private Matcher listening() {
        return LISTENING.matcher(out() + err());
    }

    @Override
    public void close() {
        thread.interrupt();
        Awaitility.await().atMost(LIMIT).until(() -> !thread.isAlive());
    }
}
