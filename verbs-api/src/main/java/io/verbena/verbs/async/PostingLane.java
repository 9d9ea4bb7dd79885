package io.verbena.verbs.async;

import io.verbena.verbs.PostResult;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The door to one work queue. Callers pass one at a time, in the order they came; who meets a full queue waits in the door,
 * so nobody behind overtakes.
 *
 * <p>Thread rule: any thread. A thread that drives the dispatcher never just sleeps here: the room it waits for would not
 * come. It drives while it waits.
 */
final class PostingLane {
    /**
     * The longest sleep before a full queue is tried again. A completion can be seen a moment before its slot is free, so
     * the wake-up of the last completion may come too early, and no other would follow.
     */
    private static final long RETRY_NANOS = 1_000_000;

    private final CompletionDispatcher dispatcher;
    private final Object queueName;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final Semaphore slotFreed = new Semaphore(0);
    private volatile boolean waitingForRoom;

    PostingLane(CompletionDispatcher dispatcher, Object queueName) {
        this.dispatcher = dispatcher;
        this.queueName = queueName;
    }

    /**
     * Makes {@code attempt} until it says anything but {@link PostResult#QUEUE_FULL}.
     *
     * @throws TimeoutException if there was no room within {@code longest}
     */
    PostResult post(Supplier<PostResult> attempt, Duration longest) throws TimeoutException, InterruptedException {
        Deadline deadline = dispatcher.deadline(longest);
        takeTurn(deadline);
        try {
            PostResult result = attempt.get();
            if (result == PostResult.QUEUE_FULL) {
                result = awaitRoom(attempt, deadline);
            }
            return result;
        } finally {
            turn.unlock();
        }
    }

    /** Tells that a request of this queue has completed. */
    void onSlotFreed() {
        if (waitingForRoom) {
            slotFreed.release();
        }
    }

    private void takeTurn(Deadline deadline) throws TimeoutException, InterruptedException {
        if (dispatcher.drivenByThisThread()) {
            while (!turn.tryLock()) {
                if (deadline.passed()) {
                    throw noRoom(deadline);
                }
                dispatcher.driveFor(deadline, RETRY_NANOS);
            }
        } else if (!turn.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            throw noRoom(deadline);
        }
    }

    private PostResult awaitRoom(Supplier<PostResult> attempt, Deadline deadline)
            throws TimeoutException, InterruptedException {
        waitingForRoom = true;
        try {
            PostResult result = attempt.get();
            while (result == PostResult.QUEUE_FULL) {
                if (deadline.passed()) {
                    throw noRoom(deadline);
                }
                awaitSlot(deadline);
                result = attempt.get();
            }
            return result;
        } finally {
            waitingForRoom = false;
            slotFreed.drainPermits();
        }
    }

    private void awaitSlot(Deadline deadline) throws InterruptedException {
        if (dispatcher.drivenByThisThread()) {
            dispatcher.driveFor(deadline, RETRY_NANOS);
        } else if (slotFreed.tryAcquire(deadline.remainingNanos(RETRY_NANOS), TimeUnit.NANOSECONDS)) {
            // What else was freed meanwhile is found by the same attempt.
            slotFreed.drainPermits();
        }
    }

    private TimeoutException noRoom(Deadline deadline) {
        return new TimeoutException("the " + queueName + " had no room within " + deadline);
    }
}
