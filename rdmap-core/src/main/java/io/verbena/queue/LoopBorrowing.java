package io.verbena.queue;

import io.verbena.transport.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How a thread that waits for the events of a channel runs the loop they come from, one thread of a channel at a time.
 *
 * <p>An event that another thread brings must wake the borrower, which may be asleep in the loop's selector, or waiting for the
 * loop: it looks at the event only after it can be seen here, and who brings one makes it visible first and looks here
 * afterwards. So one of the two sees the other.
 *
 * <p>Virtual threads do not borrow: a selector would keep the thread that carries them, and all that share it, from working.
 *
 * <p>Thread rule: any thread.
 */
final class LoopBorrowing {
    private final Feeders feeders;
    private final BooleanSupplier waiting;
    private final AtomicReference<Thread> borrower = new AtomicReference<>();

    /** The loop that the present borrower runs or asks for, or an earlier one; see {@link #wake()}. */
    private volatile EventLoop loop;

    /**
     * Makes it.
     *
     * @param feeders the loops to borrow from
     * @param waiting whether there is something to wait for; reads a volatile variable
     */
    LoopBorrowing(Feeders feeders, BooleanSupplier waiting) {
        this.feeders = feeders;
        this.waiting = waiting;
    }

    /**
     * Waits by running the loop, if that is possible.
     *
     * @return whether it was; if not, the thread has to sleep
     */
    boolean borrow(long startNs, long maxWaitNs) {
        EventLoop feeder = feeders.only();
        Thread caller = Thread.currentThread();
        if (feeder == null || VirtualThreads.current() || !borrower.compareAndSet(null, caller)) {
            return false;
        }
        if (loop != feeder) {
            loop = feeder;
        }
        try {
            return feeder.borrow(waiting, startNs, maxWaitNs);
        } finally {
            borrower.set(null);
        }
    }

    /** An event has come, or the channel was closed. */
    void wake() {
        Thread asleep = borrower.get();
        if (asleep == null || asleep == Thread.currentThread()) {
            return;
        }
        LockSupport.unpark(asleep);
        // If this is not its loop, it has not come to look whether it has to wait, and will.
        EventLoop borrowed = loop;
        if (borrowed != null && !borrowed.inLoop()) {
            try {
                borrowed.execute(LoopBorrowing::look);
            } catch (RejectedExecutionException loopClosed) {
                // Then nobody sleeps in it.
                return;
            }
        }
    }

    /** What wakes a loop: between this and its next sleep the borrower looks whether it still has to wait. */
    private static void look() {}
}
