package io.verbena.transport.netty;

import io.netty.util.internal.PlatformDependent;
import java.util.Queue;

/**
 * The tasks given to one loop, first come first served. Adding one allocates nothing in steady state.
 *
 * <p>Thread rule: {@link #add} and {@link #isEmpty()} any thread, {@link #run()} loop thread.
 */
final class LoopTasks {
    /** So that tasks that beget tasks do not keep the loop from its sockets. */
    private static final int MAX_TASKS_PER_TURN = 1024;

    private final Queue<Runnable> waiting = PlatformDependent.newMpscQueue();

    void add(Runnable task) {
        waiting.add(task);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Runs what is waiting, up to a limit, and returns how many tasks that were. */
    int run() {
        int done = 0;
        while (done < MAX_TASKS_PER_TURN) {
            Runnable task = waiting.poll();
            if (task == null) {
                break;
            }
            run(task);
            done++;
        }
        return done;
    }

    /** Runs {@code task}; if it throws, the thread's uncaught exception handler is told and the loop lives on. */
    static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            NettyEventLoop.onUncaught(failure);
        }
    }
}
