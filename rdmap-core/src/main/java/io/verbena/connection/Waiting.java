package io.verbena.connection;

import io.verbena.queue.Progress;
import io.verbena.transport.NanoClock;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionLostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * How a thread of the application waits for something that happens on a loop: asleep if the device makes progress by
 * itself, driving it if not.
 *
 * <p>Thread rule: any thread but that of a background loop, which would wait for itself.
 */
public final class Waiting {
    /** The longest a caller-driven device is driven before the wait looks around. */
    private static final long DRIVE_NS = 2_000_000;

    private final NanoClock clock;
    private final Progress progress;
    private final BooleanSupplier onBackgroundLoop;

    /**
     * Makes it.
     *
     * @param progress drives a caller-driven device, or null
     * @param onBackgroundLoop whether the calling thread is one of the device's own
     */
    public Waiting(NanoClock clock, Progress progress, BooleanSupplier onBackgroundLoop) {
        this.clock = clock;
        this.progress = progress;
        this.onBackgroundLoop = onBackgroundLoop;
    }

    long nanoTime() {
        return clock.nanoTime();
    }

    /**
     * Waits for {@code future}.
     *
     * @param timeoutNs the longest wait in nanoseconds
     * @return whether it is done
     * @throws IllegalStateException on a thread of the device itself
     */
    public boolean await(CompletableFuture<?> future, long timeoutNs) throws InterruptedException {
        if (future.isDone()) {
            return true;
        }
        if (onBackgroundLoop.getAsBoolean()) {
            throw new IllegalStateException("a thread of the device must not wait for the device");
        }
        long startNs = clock.nanoTime();
        while (!future.isDone()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            long leftNs = timeoutNs - (clock.nanoTime() - startNs);
            if (leftNs <= 0) {
                return false;
            }
            if (progress == null || (!progress.drive(Math.min(leftNs, DRIVE_NS)) && !future.isDone())) {
                sleep(future, progress == null ? leftNs : Math.min(leftNs, DRIVE_NS / 2));
            }
        }
        return true;
    }

    private static void sleep(CompletableFuture<?> future, long ns) throws InterruptedException {
        try {
            future.get(ns, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException looked) {
            // The caller looks at the future itself.
            return;
        }
    }

    /** Waits for a connection, whose own deadline bounds the wait. */
    Connection forConnection(CompletableFuture<Connection> future)
            throws ConnectionFailedException, InterruptedException {
        try {
            await(future, Long.MAX_VALUE);
            return future.get();
        } catch (InterruptedException interrupted) {
            future.cancel(false);
            throw interrupted;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof ConnectionFailedException failure) {
                throw failure;
            }
            throw new ConnectionLostException("no connection: " + failed.getCause(), failed.getCause());
        }
    }
}
