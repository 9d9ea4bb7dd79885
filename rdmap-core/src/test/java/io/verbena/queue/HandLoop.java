package io.verbena.queue;

import io.verbena.transport.EventLoop;
import io.verbena.transport.NanoClock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A loop that runs its tasks when the test says so, on the thread that says so. */
final class HandLoop implements EventLoop {
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final AtomicInteger given = new AtomicInteger();
    private volatile Thread running;

    /** Returns how many tasks it was ever given. */
    int given() {
        return given.get();
    }

    /** Runs the tasks that wait; returns how many. */
    int runTasks() {
        int ran = 0;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            run(task);
            ran++;
        }
        return ran;
    }

    /** Waits for a task and runs it; false if none came in time. */
    boolean awaitTask(long seconds) throws InterruptedException {
        Runnable task = tasks.poll(seconds, TimeUnit.SECONDS);
        if (task != null) {
            run(task);
        }
        return task != null;
    }

    private void run(Runnable task) {
        running = Thread.currentThread();
        try {
            task.run();
        } finally {
            running = null;
        }
    }

    @Override
    public void execute(Runnable task) {
        given.incrementAndGet();
        tasks.add(task);
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == running;
    }

    @Override
    public int index() {
        return 0;
    }

    @Override
    public boolean callerDriven() {
        return false;
    }

    @Override
    public Timer schedule(long delayNs, Runnable task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public NanoClock clock() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int drive(long maxWaitNs) {
        throw new UnsupportedOperationException();
    }
}
