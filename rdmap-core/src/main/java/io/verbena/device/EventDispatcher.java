package io.verbena.device;

import io.verbena.verbs.AsyncEvent;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs the application's handlers on a thread of their own, one at a time, so that a slow handler delays later events and
 * nothing else (VRB-AE-06). The thread exists only while there is something to tell.
 *
 * <p>Thread rule: any thread; handing over does not block.
 */
final class EventDispatcher implements Executor, AutoCloseable {
    /** Events that may wait for a slow handler; what comes when so many wait is run by nobody. */
    private static final int MAX_WAITING = 65_536;

    private static final long KEEP_ALIVE_SECONDS = 5;
    private static final long STOP_SECONDS = 2;

    private final ThreadPoolExecutor executor;
    private volatile Consumer<AsyncEvent> handler;

    EventDispatcher(String deviceName) {
        executor = new ThreadPoolExecutor(
                1, 1, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING), task -> {
                    Thread thread = new Thread(task, deviceName + "-events");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
    }

    /** Sets who hears of asynchronous events, or null. */
    void handler(Consumer<AsyncEvent> next) {
        handler = next;
    }

    /** Tells the handler, if there is one. */
    void accept(AsyncEvent event) {
        Consumer<AsyncEvent> to = handler;
        if (to != null) {
            execute(() -> to.accept(event));
        }
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException full) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, full);
        }
    }

    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
