package io.verbena.examples.command;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends a command that takes longer than its user allows: interrupts the thread that runs it.
 *
 * <p>Thread rule: made, run and closed by the command's thread.
 */
public final class CommandDeadline implements AutoCloseable {
    /** What a command does. */
    @FunctionalInterface
    public interface Work {
        /** Does it; ends soon when the thread is interrupted. */
        void run() throws CommandFailedException, IOException, InterruptedException;
    }

    private final long seconds;
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicBoolean passed = new AtomicBoolean();

    private CommandDeadline(long seconds) {
        this.seconds = seconds;
    }

    /** Returns a deadline in {@code seconds}; 0 for none. It runs from now. */
    public static CommandDeadline ofSeconds(long seconds) {
        CommandDeadline deadline = new CommandDeadline(seconds);
        if (seconds > 0) {
            Thread command = Thread.currentThread();
            Thread watch = new Thread(() -> deadline.watch(command), "command-deadline");
            watch.setDaemon(true);
            watch.start();
        }
        return deadline;
    }

    /**
     * Runs {@code work}.
     *
     * @throws CommandFailedException if it failed, or the deadline passed
     */
    public void run(Work work) throws CommandFailedException, IOException, InterruptedException {
        try {
            work.run();
        } catch (InterruptedException e) {
            if (passed.get()) {
                throw new CommandFailedException("not finished within the deadline of " + seconds + " s", e);
            }
            throw e;
        }
    }

    private void watch(Thread command) {
        try {
            if (!done.await(seconds, TimeUnit.SECONDS)) {
                passed.set(true);
                command.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
    }
}
