package io.verbena.benchmarks.end;

import com.sun.management.OperatingSystemMXBean;
import io.verbena.benchmarks.row.Figures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Carries out commands with one end.
 *
 * <p>To a server: {@code listen} (answer {@code ports N...}), {@code accept} ({@code accepted}), {@code serve} ({@code serving},
 * and after {@code end} {@code figures ...}). To a client: {@code connect N...} ({@code connected}), {@code measure NANOS} ({@code
 * figures ...}). To both: {@code quit}, and the end of input means the same. Instead of an answer may come {@code failed
 * SENTENCE}. Every answer begins with {@link #MARK}, because a library may print something, too.
 *
 * <p>Thread rule: {@link #run} works on the calling thread; a daemon thread reads the commands.
 */
public final class EndCommands {
    /** Begins every answer. */
    public static final String MARK = "bench: ";

    static final String READER = "bench-commands";

    private static final String QUIT = "quit";
    private static final String END = "end";
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();
    private final PrintStream answers;
    private final Runnable commanderGone;
    private volatile StopSignal stop = new StopSignal();

    private EndCommands(PrintStream answers, Runnable commanderGone) {
        this.answers = answers;
        this.commanderGone = commanderGone;
    }

    /**
     * Carries out commands until {@code quit}, the end of input, or a failure.
     *
     * @param task what the end is for
     * @param commands where commands come from
     * @param answers where answers go
     * @param commanderGone what to do when the commands end without {@code quit}: the work may hang at that moment
     * @return whether all went well
     */
    public static boolean run(EndTask task, InputStream commands, PrintStream answers, Runnable commanderGone) {
        EndCommands end = new EndCommands(answers, commanderGone);
        Thread reader = new Thread(() -> end.read(commands), READER);
        reader.setDaemon(true);
        reader.start();
        try {
            switch (task.role()) {
                case SERVER -> end.serve(task);
                case CLIENT -> end.measure(task);
            }
            return true;
        } catch (InterruptedException e) {
            end.answer("failed interrupted");
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            end.answer("failed " + sentence(e));
            return false;
        }
    }

    private void serve(EndTask task) throws Exception {
        try (ServerEnd server = Ends.server(task)) {
            for (String command = commands.take(); !command.equals(QUIT); command = commands.take()) {
                switch (command) {
                    case "listen" -> answer("ports " + words(server.listen()));
                    case "accept" -> {
                        server.accept();
                        answer("accepted");
                    }
                    case "serve" -> {
                        StopSignal signal = stop;
                        answer("serving");
                        Usage usage = new Usage();
                        answer("figures " + usage.added(server.serve(signal)).encode());
                    }
                    default -> throw new EndFailedException("a server does not know the command '" + command + "'");
                }
            }
        }
    }

    private void measure(EndTask task) throws Exception {
        try (ClientEnd client = Ends.client(task)) {
            for (String command = commands.take(); !command.equals(QUIT); command = commands.take()) {
                if (command.startsWith("connect ")) {
                    client.connect(ports(command.substring("connect ".length())));
                    answer("connected");
                } else if (command.startsWith("measure ")) {
                    Duration time = Duration.ofNanos(Long.parseLong(command.substring("measure ".length())));
                    Usage usage = new Usage();
                    answer("figures " + usage.added(client.measure(time)).encode());
                } else {
                    throw new EndFailedException("a client does not know the command '" + command + "'");
                }
            }
        }
    }

    private void read(InputStream input) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.equals(END)) {
                    // The answer to it makes room for the next "serve", so the new signal is in place by then.
                    StopSignal raised = stop;
                    stop = new StopSignal();
                    raised.raise();
                } else {
                    commands.add(line);
                    if (line.equals(QUIT)) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            answer("failed the commands broke off: " + e.getMessage());
        }
        commands.add(QUIT);
        stop.raise();
        commanderGone.run();
    }

    private void answer(String text) {
        synchronized (answers) {
            answers.println(MARK + text);
            answers.flush();
        }
    }

    private static String words(List<Integer> ports) {
        return ports.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    private static List<Integer> ports(String words) {
        return Stream.of(words.split(" ", -1)).map(Integer::valueOf).toList();
    }

    private static String sentence(Throwable failure) {
        String text = failure instanceof EndFailedException || failure instanceof IOException
                ? failure.getMessage()
                : failure.toString();
        return String.valueOf(text).replaceAll("\\s*\\R\\s*", " ").strip();
    }

    /** The processors that this process keeps busy while one measurement lasts. */
    private static final class Usage {
        private final long beganNs = System.nanoTime();
        private final long processorNs = SYSTEM.getProcessCpuTime();

        Figures added(Figures figures) {
            double elapsed = Math.max(1, System.nanoTime() - beganNs);
            return figures.with("processors", (SYSTEM.getProcessCpuTime() - processorNs) / elapsed);
        }
    }
}
