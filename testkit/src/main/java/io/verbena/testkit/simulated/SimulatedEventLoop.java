package io.verbena.testkit.simulated;

import io.verbena.transport.EventLoop;
import io.verbena.transport.NanoClock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;

/** The one loop of a simulated device. It runs when anybody drives the network. */
final class SimulatedEventLoop implements EventLoop {
    private static final int MAX_TASKS_PER_TURN = 1024;

    private final SimulatedNetwork network;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    SimulatedEventLoop(SimulatedNetwork network) {
        this.network = network;
    }

    @Override
    public int index() {
        return 0;
    }

    @Override
    public boolean inLoop() {
        return network.ownedByCaller();
    }

    @Override
    public boolean callerDriven() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException("the loop was closed");
        }
        tasks.add(task);
    }

    @Override
    public Timer schedule(long delayNs, Runnable task) {
        SimulatedTimer timer = new SimulatedTimer(task, network.clock().nanoTime() + delayNs);
        if (inLoop() && !closed) {
            timer.enter();
        } else {
            execute(timer::enter);
        }
        return timer;
    }

    @Override
    public NanoClock clock() {
        return network.clock();
    }

    @Override
    public int drive(long maxWaitNs) {
        return closed ? 0 : network.drive(maxWaitNs);
    }

    /** Runs the tasks that wait, up to a limit, and returns how many that were. */
    int runTasks() {
        int done = 0;
        while (done < MAX_TASKS_PER_TURN) {
            Runnable task = tasks.poll();
            if (task == null) {
                break;
            }
            run(task);
            done++;
        }
        return done;
    }

    boolean hasTasks() {
        return !tasks.isEmpty();
    }

    /** Runs what was accepted and takes nothing more. */
    void close() {
        runTasks();
        closed = true;
        runTasks();
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            onUncaught(failure);
        }
    }

    /** Hands a failure for which nobody in the seam is responsible to the thread's uncaught exception handler. */
    static void onUncaught(Throwable failure) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }

    /** A task that waits for its virtual time. */
    private final class SimulatedTimer implements Timer {
        private final Runnable task;
        private final long timeNs;
        private Agenda.Entry entry;
        private volatile boolean withdrawn;

        SimulatedTimer(Runnable task, long timeNs) {
            this.task = task;
            this.timeNs = timeNs;
        }

        void enter() {
            if (!withdrawn) {
                entry = network.agenda().timer(timeNs, this::fire);
            }
        }

        private void fire() {
            if (!withdrawn && !closed) {
                run(task);
            }
        }

        @Override
        public void cancel() {
            withdrawn = true;
            if (entry != null && inLoop()) {
                network.agenda().withdraw(entry);
                entry = null;
            }
        }
    }
}
