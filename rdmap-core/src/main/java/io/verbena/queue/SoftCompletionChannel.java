package io.verbena.queue;

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
 * <p>On a device with loops of its own a waiting thread sleeps. On a caller-driven device it drives the device, since nobody
 * else would; a thread that does not own the loop falls back to sleeping until the owner's driving brings an event.
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

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<SoftCompletionQueue> pending = new ArrayDeque<>();
    private boolean closed;

    /**
     * Makes a channel.
     *
     * @param clock deadlines go by it
     * @param progress drives a caller-driven device, or null
     * @param onClosed called once when the channel was closed
     */
    public SoftCompletionChannel(NanoClock clock, Progress progress, Runnable onClosed) {
        this.clock = clock;
        this.progress = progress;
        this.onClosed = onClosed;
    }

    @Override
    public CompletionQueue await(Duration deadline) throws InterruptedException {
        if (deadline.isNegative()) {
            throw new IllegalArgumentException("deadline " + deadline + " must not be negative");
        }
        long waitNs = deadline.compareTo(FOREVER) < 0 ? deadline.toNanos() : Long.MAX_VALUE;
        long startNs = clock.nanoTime();
        long leftNs = waitNs;
        CompletionQueue queue = take(0);
        while (queue == null) {
            if (progress == null) {
                queue = take(leftNs);
            } else {
                boolean drives = progress.drive(Math.min(leftNs, DRIVE_NS));
                queue = take(drives ? 0 : Math.min(leftNs, RETRY_NS));
            }
            leftNs = waitNs - (clock.nanoTime() - startNs);
            if (leftNs <= 0) {
                break;
            }
        }
        return queue;
    }

    /** Adds an event of {@code queue} unless it has one pending already, and wakes one thread. */
    void signal(SoftCompletionQueue queue) {
        lock.lock();
        try {
            if (!queue.eventPending() && !closed) {
                queue.eventPending(true);
                pending.add(queue);
                changed.signal();
            }
        } finally {
            lock.unlock();
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
            }
        } finally {
            lock.unlock();
        }
        users.detach(queue.toString());
    }

    @Override
    public void close() {
        if (users.close()) {
            lock.lock();
            try {
                closed = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
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
