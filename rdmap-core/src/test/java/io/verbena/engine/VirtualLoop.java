package io.verbena.engine;

import io.verbena.transport.EventLoop;
import io.verbena.transport.NanoClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A loop that runs when the test says so, under a time that the test moves. Tasks may come from any thread. */
public class VirtualLoop implements EventLoop, NanoClock {
    private static final int MAX_TASKS_PER_RUN = 100_000;

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<Alarm> alarms = new ArrayList<>();
    private final Thread owner = Thread.currentThread();
    private long now = 1_000;

    /** Runs what waits, and what that brings about. */
    void run() {
        int ran = 0;
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
            if (++ran == MAX_TASKS_PER_RUN) {
                throw new AssertionError("the loop does not come to rest");
            }
        }
    }

    private Runnable next() {
        synchronized (tasks) {
            return tasks.poll();
        }
    }

    /** Lets {@code ns} nanoseconds pass, alarm by alarm. */
    void advance(long ns) {
        long end = now + ns;
        for (Alarm next = earliest(end); next != null; next = earliest(end)) {
            alarms.remove(next);
            now = next.at;
            next.task.run();
            run();
        }
        now = end;
    }

    private Alarm earliest(long end) {
        return alarms.stream()
                .filter(alarm -> alarm.at <= end)
                .min(Comparator.comparingLong(alarm -> alarm.at))
                .orElse(null);
    }

    /** Returns the timers that were not withdrawn and have not run. */
    int timers() {
        return alarms.size();
    }

    @Override
    public int index() {
        return 0;
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == owner;
    }

    @Override
    public boolean callerDriven() {
        return false;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (tasks) {
            tasks.add(task);
        }
    }

    @Override
    public Timer schedule(long delayNs, Runnable task) {
        Alarm alarm = new Alarm(now + delayNs, task);
        alarms.add(alarm);
        return () -> alarms.remove(alarm);
    }

    @Override
    public NanoClock clock() {
        return this;
    }

    @Override
    public int drive(long maxWaitNs) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long nanoTime() {
        return now;
    }

    /** A task and its time. */
    private static final class Alarm {
        final long at;
        final Runnable task;

        Alarm(long at, Runnable task) {
            this.at = at;
            this.task = task;
        }
    }
}
