package io.verbena.concurrency;

import io.verbena.transport.EventLoop;
import io.verbena.transport.NanoClock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A loop that is run by whoever calls {@link #runTasks}: one thread at a time. */
final class TaskLoop implements EventLoop {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Runs what it was given until there is no more. */
    void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public boolean inLoop() {
        return true;
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
