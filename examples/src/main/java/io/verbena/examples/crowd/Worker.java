package io.verbena.examples.crowd;

import io.verbena.examples.command.CommandFailedException;
import java.time.Duration;

/**
 * A thread of the scenario. It is ended by an interrupt; what it throws is told to whoever ends or checks it.
 *
 * <p>Thread rule: made and closed by one thread.
 */
final class Worker implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(5);

    private final Thread thread;
    private volatile Throwable failure;

    private Worker(String name, Runnable work) {
        thread = new Thread(() -> run(work), name);
        thread.setDaemon(true);
    }

    private void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    /** Runs {@code work}, which ends soon when interrupted, on a thread of this name. */
    static Worker start(String name, Runnable work) {
        Worker worker = new Worker(name, work);
        worker.thread.start();
        return worker;
    }

    /**
     * Does nothing if all is well.
     *
     * @throws CommandFailedException if the thread has failed
     */
    void check() throws CommandFailedException {
        if (failure != null) {
            throw new CommandFailedException(thread.getName() + " failed: " + failure, failure);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
