package io.verbena.verbs.async;

import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.WorkCompletion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * One request that was given to an {@link AsyncQueuePair}. It completes exactly once. Its buffers are leased to it until
 * then, whether or not anybody waits.
 *
 * <p>Thread rule: any thread; any number may wait. On a caller-driven device the waiting thread makes the device progress,
 * so it has to be the one that owns the device's loop.
 */
public final class Operation {
    private final CompletionDispatcher dispatcher;
    private final long id;
    private final CompletedOperation kind;
    private final int queuePairNumber;
    private final Consumer<WorkCompletion> onOver;
    private final CompletableFuture<WorkCompletion> outcome = new CompletableFuture<>();
    private volatile List<BufferLease> leases = List.of();
    private volatile WorkCompletion completion;

    Operation(
            CompletionDispatcher dispatcher,
            long id,
            CompletedOperation kind,
            int queuePairNumber,
            Consumer<WorkCompletion> onOver) {
        this.dispatcher = dispatcher;
        this.id = id;
        this.kind = kind;
        this.queuePairNumber = queuePairNumber;
        this.onOver = onOver;
    }

    /** Returns the id its completion carries. */
    public long id() {
        return id;
    }

    /** Returns what kind of operation it is. */
    public CompletedOperation kind() {
        return kind;
    }

    /** Returns whether it has completed, well or not. */
    public boolean done() {
        return outcome.isDone();
    }

    /** Returns the completion, or null while the operation is under way. */
    public WorkCompletion completion() {
        return completion;
    }

    /** Returns the leases of its buffers, over as soon as the operation is done. */
    public List<BufferLease> leases() {
        return leases;
    }

    /**
     * Waits for the completion.
     *
     * @param deadline the longest wait; zero only looks
     * @return the completion of an operation that ended well
     * @throws OperationFailedException if it ended otherwise
     * @throws TimeoutException if it is still under way then; it goes on, and its buffers stay leased
     * @throws InterruptedException if the thread was interrupted; the operation goes on
     */
    public WorkCompletion await(Duration deadline)
            throws OperationFailedException, TimeoutException, InterruptedException {
        awaitOver(deadline);
        if (!completion.success()) {
            throw new OperationFailedException(this, completion);
        }
        return completion;
    }

    /**
     * Waits until its buffers are the application's again, however it ends.
     *
     * @param deadline the longest wait; zero only looks
     * @throws TimeoutException if it is still under way then; nothing was changed
     * @throws InterruptedException if the thread was interrupted
     */
    public void reclaim(Duration deadline) throws TimeoutException, InterruptedException {
        awaitOver(deadline);
    }

    /**
     * Returns a future of the completion; it fails with {@link OperationFailedException}. Cancelling or completing it
     * changes nothing but that future.
     *
     * <p>What depends on it runs on the thread that found the completion, and must be as quick as a completion handler;
     * heavier work belongs on an executor ({@code thenAcceptAsync}).
     */
    public CompletableFuture<WorkCompletion> toFuture() {
        return outcome.copy();
    }

    @Override
    public String toString() {
        return kind + " " + id + " of queue pair " + queuePairNumber;
    }

    void leased(List<BufferLease> taken) {
        leases = taken;
    }

    /** Ends it: first the one who posted it hears, then the leases end, then whoever waits goes on. */
    void complete(WorkCompletion last) {
        completion = last;
        try {
            onOver.accept(last);
        } finally {
            endLeases();
            if (last.success()) {
                outcome.complete(last);
            } else {
                outcome.completeExceptionally(new OperationFailedException(this, last));
            }
        }
    }

    void endLeases() {
        leases.forEach(BufferLease::end);
    }

    void awaitOver(Duration wait) throws TimeoutException, InterruptedException {
        Deadline deadline = dispatcher.deadline(wait);
        if (dispatcher.drivenByThisThread()) {
            while (!outcome.isDone() && !deadline.passed()) {
                dispatcher.driveFor(deadline);
            }
        }
        try {
            outcome.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            // The one exception put in is the outcome itself, which completion() tells.
            assert failed.getCause() instanceof OperationFailedException;
        } catch (TimeoutException late) {
            throw new TimeoutException(this + " was not complete within " + deadline);
        }
    }
}
