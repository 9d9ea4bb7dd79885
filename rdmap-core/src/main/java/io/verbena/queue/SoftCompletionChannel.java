package io.verbena.queue;

import io.verbena.transport.EventLoop;
import io.verbena.transport.NanoClock;
import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionQueue;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where threads wait for the events of completion queues. Each queue has at most one event pending; events are given in the
 * order in which they came, each to one thread.
 *
 * <p>On a device with loops of its own a waiting thread sleeps. If all events of the channel come from one loop at present, the
 * first thread that waits runs that loop itself meanwhile ({@link LoopBorrowing}); others sleep. On a caller-driven device a
 * waiting thread drives the device, since nobody else would; a thread that does not own the loop falls back to sleeping until
 * the owner's driving brings an event.
 *
 * <p>Why no event is slept through by a thread that sleeps beside a borrower: each event wakes a sleeping thread, whether or
 * not the borrower is about to take it. And whoever leaves with events still pending wakes the next.
 *
 * <p>Thread rule: any thread. {@link #signal} holds a lock for a moment, never while somebody waits.
 */
public final class SoftCompletionChannel implements CompletionChannel {
    /** How long one driving may last: closing the channel from another thread does not wake a loop that waits for input. */
    private static final long DRIVE_NS = 5_000_000;

    /** How long a thread that cannot drive sleeps before it tries again. */
    private static final long RETRY_NS = 1_000_000;

    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private final NanoClock clock;
    private final Progress progress;
    private final Runnable onClosed;
    private final Users users = new Users("completion channel");
    private final Feeders feeders = new Feeders();
    private final LoopBorrowing borrowing;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<SoftCompletionQueue> pending = new ArrayDeque<>();

    /** Whether a wait is over: there is an event, or the channel is closed. Written under the lock, read by borrowers. */
    private volatile boolean over;

    private boolean closed;

    /**
     * Makes a channel.
     *
     * @param clock deadlines go by it
     * @param progress drives a caller-driven device, or null
     * @param borrows whether waiting threads may run the loops of a device that has threads of its own
     * @param onClosed called once when the channel was closed
     */
    public SoftCompletionChannel(NanoClock clock, Progress progress, boolean borrows, Runnable onClosed) {
        this.clock = clock;
        this.progress = progress;
        this.onClosed = onClosed;
        borrowing = progress == null && borrows ? new LoopBorrowing(feeders, () -> !over) : null;
    }

    @Override
    public CompletionQueue await(Duration deadline) throws InterruptedException {
        if (deadline.isNegative()) {
            throw new IllegalArgumentException("deadline " + deadline + " must not be negative");
        }
        long waitNs = deadline.compareTo(FOREVER) < 0 ? deadline.toNanos() : Long.MAX_VALUE;
        // Without the lock: an event that comes just now is found by the wait.
        CompletionQueue queue = over ? take(0) : null;
        if (queue != null) {
            return queue;
        }
        long startNs = clock.nanoTime();
        if (borrowing != null && waitNs > 0 && borrowing.borrow(startNs, waitNs)) {
            queue = take(0);
        }
        return queue == null ? await(startNs, waitNs) : queue;
    }

    private CompletionQueue await(long startNs, long waitNs) throws InterruptedException {
        CompletionQueue queue = null;
        long leftNs = waitNs - (clock.nanoTime() - startNs);
        do {
            if (progress == null) {
                queue = take(Math.max(0, leftNs));
            } else {
                boolean drives = progress.drive(Math.max(0, Math.min(leftNs, DRIVE_NS)));
                queue = take(drives ? 0 : Math.max(0, Math.min(leftNs, RETRY_NS)));
            }
            leftNs = waitNs - (clock.nanoTime() - startNs);
        } while (queue == null && leftNs > 0);
        return queue;
    }

    /** Adds an event of {@code queue} unless it has one pending already, and wakes one thread. */
    void signal(SoftCompletionQueue queue) {
        lock.lock();
        try {
            if (queue.eventPending() || closed) {
                return;
            }
            queue.eventPending(true);
            pending.add(queue);
            over = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        wakeBorrower();
    }

    private void wakeBorrower() {
        if (borrowing != null) {
            borrowing.wake();
        }
    }

    void attach(String queue) {
        users.attach(queue);
    }

    /** Forgets a queue that was closed, and its event. */
    void detach(SoftCompletionQueue queue) {
        lock.lock();
        try {
            if (queue.eventPending()) {
                queue.eventPending(false);
                pending.remove(queue);
                over = closed || !pending.isEmpty();
            }
        } finally {
            lock.unlock();
        }
        users.detach(queue.toString());
    }

    /** A connection has begun on {@code loop} that brings events of this channel's queues. */
    void fedBy(EventLoop loop) {
        feeders.add(loop);
    }

    /** Takes back {@link #fedBy}. */
    void noLongerFedBy(EventLoop loop) {
        feeders.remove(loop);
    }

    @Override
    public void close() {
        if (users.close()) {
            lock.lock();
            try {
                closed = true;
                over = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            wakeBorrower();
            onClosed.run();
        }
    }

    /** Takes an event, waiting at most {@code waitNs} for one; null if none came. */
    @SuppressWarnings("WaitNotInLoop") // may return early: the caller looks at its own clock and comes again
    private CompletionQueue take(long waitNs) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (pending.isEmpty() && !closed && waitNs > 0) {
                if (changed.awaitNanos(waitNs) <= 0 && pending.isEmpty()) {
                    requireOpen();
                    return null;
                }
            }
            requireOpen();
            SoftCompletionQueue queue = pending.poll();
            if (queue != null) {
                queue.eventPending(false);
                over = !pending.isEmpty();
                if (over) {
                    changed.signal();
                }
            }
            return queue;
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("completion channel is closed");
        }
    }
}
