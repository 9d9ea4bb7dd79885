package io.verbena.transport;

import java.util.function.BooleanSupplier;

/**
 * One thread of execution that owns streams, their protocol engines and their timers.
 *
 * <p>A loop is either <em>background</em> (it has a thread of its own) or <em>caller-driven</em> (it runs when somebody
 * calls {@link #drive}). Either way everything given to it runs one after the other, never concurrently.
 */
public interface EventLoop {
    /** Returns the number of this loop within its transport, from 0 to {@code loopCount() - 1}. */
    int index();

    /** Returns whether the calling thread is the one that runs this loop at this moment. Any thread. */
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

    /**
     * Runs {@code task} as {@link #execute} does, or, where that is cheaper than waking another thread, on the calling thread
     * before this call returns. For tasks that may be run in the middle of a verb: they touch nothing but the loop's own
     * state, call no application code but event listeners, and take no time to speak of. Any thread; does not block.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the loop was closed
     */
    default void executeSoonest(Runnable task) {
        execute(task);
    }

    /**
     * Lets the calling thread, which waits for something that this background loop will bring, run the loop meanwhile in place
     * of its own thread, if that is possible now: so that what the thread waits for need not wake it by way of another.
     *
     * <p>It returns when {@code waiting} says no, at the latest at the end of a turn that finds out so; when the time has
     * passed; when the calling thread is interrupted, which it stays; and when the loop is better run by its own thread.
     *
     * @param waiting whether the thread still waits; called by this thread alone, may change on any
     * @param startNs when the wait began, by {@link #clock()}
     * @param maxWaitNs nanoseconds that it may last from then on; {@link Long#MAX_VALUE} without end
     * @return whether the loop was run; if not, the thread waits in another way
     */
    default boolean borrow(BooleanSupplier waiting, long startNs, long maxWaitNs) {
        return false;
    }

    /** A task that waits for its time. */
    interface Timer {
        /** Withdraws the task; does nothing if it already ran or was withdrawn. Loop thread, or before it can run. */
        void cancel();
    }
}
