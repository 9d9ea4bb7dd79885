package io.verbena.verbs.async;

import io.verbena.verbs.PostResult;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The door to one work queue. Callers pass one at a time, in the order they came; who finds no room waits in the door, so
 * nobody behind overtakes.
 *
 * <p>There is room for as many operations as the queue has slots, and an operation takes room until its completion was
 * dispatched. A slot of the queue is free earlier, once the completion waits to be polled; to post again by then would
 * overrun a completion queue that has one entry for each slot.
 *
 * <p>Thread rule: any thread. A thread that drives the dispatcher never just sleeps here: the room it waits for would not
 * come. It drives while it waits.
 */
final class PostingLane {
    /**
     * The longest sleep before a queue is tried again that should have had room: a completion can be seen a moment before
     * its slot is free.
     */
    private static final long RETRY_NANOS = 1_000_000;

    private final CompletionDispatcher dispatcher;
    private final String queueName;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final Semaphore room;

    PostingLane(CompletionDispatcher dispatcher, String queueName, int depth) {
        this.dispatcher = dispatcher;
        this.queueName = queueName;
        this.room = new Semaphore(depth);
    }

    /**
     * Takes room and makes {@code attempt} until it is refused {@linkplain PostResult#forNow() for now} no more. The room is kept only
     * if the request was posted.
     *
     * @throws TimeoutException if there was no room within {@code longest}
     */
    PostResult post(Supplier<PostResult> attempt, Duration longest) throws TimeoutException, InterruptedException {
        Deadline deadline = dispatcher.deadline(longest);
        takeTurn(deadline);
        try {
            takeRoom(deadline);
            PostResult result = null;
            try {
                result = attemptUntil(deadline, attempt);
                return result;
            } finally {
                if (result != PostResult.POSTED) {
                    room.release();
                }
            }
        } finally {
            turn.unlock();
        }
    }

    /** Tells that an operation that was posted has completed. */
    void onCompleted() {
        room.release();
    }

    private void takeTurn(Deadline deadline) throws TimeoutException, InterruptedException {
        if (dispatcher.drivenByThisThread()) {
            while (!turn.tryLock()) {
                drive(deadline);
            }
        } else if (!turn.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            throw noRoom(deadline);
        }
    }

    private void takeRoom(Deadline deadline) throws TimeoutException, InterruptedException {
        if (dispatcher.drivenByThisThread()) {
            while (!room.tryAcquire()) {
                drive(deadline);
            }
        } else if (!room.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
            throw noRoom(deadline);
        }
    }

    private PostResult attemptUntil(Deadline deadline, Supplier<PostResult> attempt)
            throws TimeoutException, InterruptedException {
        PostResult result = attempt.get();
        while (result.forNow()) {
            if (dispatcher.drivenByThisThread()) {
                drive(deadline);
            } else if (deadline.passed()) {
                throw noRoom(deadline);
            } else {
                LockSupport.parkNanos(RETRY_NANOS);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            result = attempt.get();
        }
        return result;
    }

    private void drive(Deadline deadline) throws TimeoutException, InterruptedException {
        if (deadline.passed()) {
            throw noRoom(deadline);
        }
        dispatcher.driveFor(deadline, RETRY_NANOS);
    }

    private TimeoutException noRoom(Deadline deadline) {
        return new TimeoutException("the " + queueName + " had no room within " + deadline);
    }
}
