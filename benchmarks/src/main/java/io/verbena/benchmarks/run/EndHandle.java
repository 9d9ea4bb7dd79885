package io.verbena.benchmarks.run;

import io.verbena.benchmarks.end.EndCommands;
import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.EndTask;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Commands an end that runs elsewhere.
 *
 * <p>Thread rule: one thread; a daemon thread of its own reads the answers.
 */
public final class EndHandle implements AutoCloseable {
    private static final String OVER = "over";

    private final String name;
    private final PrintStream commands;
    private final Runnable removal;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    /**
     * Commands an end.
     *
     * @param task what the end is for, which names it in failures
     * @param commands where commands go
     * @param answers where answers come from
     * @param removal ends the end, if it does not end by itself
     */
    public EndHandle(EndTask task, OutputStream commands, InputStream answers, Runnable removal) {
        name = "the " + task.role().name().toLowerCase(Locale.ROOT) + " of "
                + task.contender().label();
        this.commands = new PrintStream(commands, true, StandardCharsets.UTF_8);
        this.removal = removal;
        Thread reader = new Thread(() -> read(answers), "bench-answers");
        reader.setDaemon(true);
        reader.start();
    }

    /** Gives a command. */
    void command(String line) {
        commands.println(line);
    }

    /**
     * Waits for the answer that begins with {@code word} and returns the rest of it.
     *
     * @throws EndFailedException if the end failed, is gone, says something else, or says nothing within {@code limit}
     */
    String await(String word, Duration limit) throws EndFailedException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            String line = answers.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new EndFailedException(
                        name + " did not answer '" + word + "' within " + limit.toSeconds() + " s");
            }
            if (line.equals(OVER)) {
                // Put back: who asks again hears the same.
                answers.add(OVER);
                throw new EndFailedException(name + " ended before it answered '" + word + "'");
            }
            if (!line.startsWith(EndCommands.MARK)) {
                continue;
            }
            String answer = line.substring(EndCommands.MARK.length());
            if (answer.startsWith("failed ")) {
                throw new EndFailedException(name + " failed: " + answer.substring("failed ".length()));
            }
            if (!answer.equals(word) && !answer.startsWith(word + " ")) {
                throw new EndFailedException(name + " answered '" + answer + "' where '" + word + "' was expected");
            }
            return answer.substring(Math.min(answer.length(), word.length() + 1));
        }
    }

    private void read(InputStream input) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                answers.add(line);
            }
        } catch (IOException e) {
            answers.add(EndCommands.MARK + "failed its answers broke off: " + e.getMessage());
        } finally {
            answers.add(OVER);
        }
    }

    /** Asks it to end, and sees to it that it does. */
    @Override
    public void close() {
        command("quit");
        removal.run();
    }
}
