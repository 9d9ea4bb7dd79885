package io.verbena.transport;

/**
 * One thread of execution that owns streams, their protocol engines and their timers.
 *
 * <p>A loop is either <em>background</em> (it has a thread of its own) or <em>caller-driven</em> (it runs when somebody
 * calls {@link #drive}). Either way everything given to it runs one after the other, never concurrently.
 */
public interface EventLoop {
    /** Returns the number of this loop within its transport, from 0 to {@code loopCount() - 1}. */
    int index();

    /** Returns whether the calling thread is the one that runs this loop. Any thread. */
    boolean inLoop();

    /** Returns whether this loop makes progress only inside {@link #drive}. Any thread. */
    boolean callerDriven();

    /**
     * Runs {@code task} on this loop soon, and wakes the loop if it sleeps. Tasks of one thread run in the order they
     * were given. Any thread; does not block.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the loop was closed
     */
    void execute(Runnable task);

    /**
     * Runs {@code task} on this loop once {@code delayNs} nanoseconds have passed. Any thread.
     *
     * @param delayNs nanoseconds from now, 0 or more
     * @throws java.util.concurrent.RejectedExecutionException if the loop was closed
     */
    Timer schedule(long delayNs, Runnable task);

    /** Returns the clock that {@link #schedule} goes by. Any thread. */
    NanoClock clock();

    /**
     * Runs what is ready on the calling thread: input, output, tasks and timers. Only for a caller-driven loop.
     *
     * <p>The first thread that drives a loop becomes its owner; while it lives, the call of any other thread does nothing and
     * returns 0. When the owner has ended, the next thread that drives becomes the owner.
     *
     * @param maxWaitNs 0: do not wait. Above 0: wait at most so many nanoseconds for something to become ready
     * @return how many pieces of work were done, 0 for none
     * @throws UnsupportedOperationException if this is a background loop
     */
    int drive(long maxWaitNs);

    /** A task that waits for its time. */
    interface Timer {
        /** Withdraws the task; does nothing if it already ran or was withdrawn. Loop thread, or before it can run. */
        void cancel();
    }
}
