package io.verbena.examples.command;

import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.Notify;
import io.verbena.verbs.WorkCompletion;
import java.time.Duration;

/**
 * A completion queue together with the channel on which its owner sleeps until something completes.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class Completions implements AutoCloseable {
    private final CompletionChannel channel;
    private final CompletionQueue queue;
    private final CompletionCursor cursor;

    /** Creates both on {@code device}; {@code capacity} is the queue's. */
    public Completions(Device device, int capacity) {
        channel = device.createCompletionChannel();
        queue = device.createCompletionQueue(capacity, channel);
        cursor = queue.cursor();
    }

    /** Returns the queue. */
    public CompletionQueue queue() {
        return queue;
    }

    /** Returns the next completion, or null if none came within {@code deadline}; zero only looks. */
    public WorkCompletion next(Duration deadline) throws InterruptedException {
        if (cursor.next()) {
            return cursor.copy();
        }
        if (deadline.isZero()) {
            return null;
        }
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            // Armed before the second look: what completes between the two still wakes this thread.
            queue.arm(Notify.NEXT);
            if (cursor.next()) {
                return cursor.copy();
            }
            long left = end - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            channel.await(Duration.ofNanos(left));
        }
    }

    /**
     * Waits for the next completion, which must be a successful {@code operation}.
     *
     * @throws CommandFailedException if it is another one, failed, or did not come within {@code deadline}
     */
    public WorkCompletion expect(CompletedOperation operation, Duration deadline)
            throws CommandFailedException, InterruptedException {
        WorkCompletion completion = next(deadline);
        if (completion == null) {
            throw new CommandFailedException(
                    "waited " + deadline.toSeconds() + " s for a " + operation + " to complete, and nothing happened");
        }
        if (!completion.success()) {
            throw new CommandFailedException(reason(completion));
        }
        if (completion.operation() != operation) {
            throw new CommandFailedException(
                    "a " + completion.operation() + " completed where a " + operation + " was expected");
        }
        return completion;
    }

    /** Returns, in one line, why a request did not end well. */
    public static String reason(WorkCompletion failed) {
        FailureCause cause = failed.cause();
        return cause == null
                ? failed.operation() + " ended with " + failed.status()
                : cause.root().message();
    }

    @Override
    public void close() {
        queue.close();
        channel.close();
    }
}
