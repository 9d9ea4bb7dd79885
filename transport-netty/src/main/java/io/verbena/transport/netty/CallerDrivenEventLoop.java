package io.verbena.transport.netty;

import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoHandle;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A loop that runs on whoever drives it.
 *
 * <p>The first thread that drives it owns it. When that thread has ended, the next one that drives (or closes) the loop
 * takes over; that is why this is not Netty's {@code ManualIoEventLoop}, whose owner is for life: an application whose
 * polling thread has ended could then never close its connections in order.
 */
final class CallerDrivenEventLoop extends NettyEventLoop implements ThreadAwareExecutor {
    /** How often a thread that closes the loop looks whether the owner has ended. */
    private static final long OWNER_CHECK_NS = 5_000_000L;

    private final LoopTasks tasks = new LoopTasks();
    private final LoopTimers timers = new LoopTimers();
    private final AtomicReference<Thread> owner = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Turn turn = new Turn();
    private final SelectorIoHandler io;
    private volatile boolean closeRequested;
    private volatile boolean closed;
    private boolean driving;

    CallerDrivenEventLoop(int index) {
        super(index);
        io = new SelectorIoHandler(this, false);
    }

    @Override
    public boolean inLoop() {
        return owner.get() == Thread.currentThread();
    }

    @Override
    public boolean isExecutorThread(Thread thread) {
        return owner.get() == thread;
    }

    @Override
    public boolean callerDriven() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException("loop " + index() + " was closed");
        }
        tasks.add(task);
        io.wakeup();
    }

    @Override
    public Timer schedule(long delayNs, Runnable task) {
        LoopTimers.Entry entry = timers.prepare(clock().nanoTime() + delayNs, task);
        if (inLoop() && !closed) {
            timers.add(entry);
            return entry;
        }
        execute(() -> timers.add(entry));
        return () -> cancel(entry);
    }

    private void cancel(LoopTimers.Entry entry) {
        if (inLoop()) {
            entry.cancel();
        } else {
            entry.withdraw();
        }
    }

    @Override
    public int drive(long maxWaitNs) {
        if (maxWaitNs < 0) {
            throw new IllegalArgumentException("maxWaitNs " + maxWaitNs + " must not be negative");
        }
        // A task of this loop that drives the loop again finds nothing: what runs on a loop does not overlap.
        if (closed || !own() || driving) {
            return 0;
        }
        driving = true;
        try {
            turn.maxWaitNs = maxWaitNs;
            int done = io.run(turn) + tasks.run() + runDueTimers();
            if (closeRequested) {
                end();
            } else {
                io.letGo();
            }
            return done;
        } finally {
            driving = false;
        }
    }

    private boolean own() {
        Thread caller = Thread.currentThread();
        Thread current = owner.get();
        if (current == caller) {
            return true;
        }
        return (current == null || !current.isAlive()) && owner.compareAndSet(current, caller);
    }

    private int runDueTimers() {
        if (timers.isEmpty()) {
            return 0;
        }
        long nowNs = clock().nanoTime();
        int done = 0;
        for (Runnable task = timers.pollDue(nowNs); task != null; task = timers.pollDue(nowNs)) {
            LoopTasks.run(task);
            done++;
        }
        return done;
    }

    @Override
    IoRegistration register(NioIoHandle handle) throws IOException {
        return io.register(handle);
    }

    @Override
    void onReleased() {
        if (!driving && !closed) {
            io.letGo();
        }
    }

    @Override
    void beginClose() {
        closeRequested = true;
        io.wakeup();
    }

    /**
     * Ends the loop here if the calling thread may own it, or else waits for the owner. An owner that lives and does not
     * drive within {@code maxWaitNs} ends the loop the next time it drives: nobody may do that in its place, because it
     * may be using the loop's streams at this moment.
     */
    @Override
    void awaitClosed(long maxWaitNs) throws InterruptedException {
        long deadlineNs = clock().nanoTime() + maxWaitNs;
        while (!closed) {
            if (own()) {
                if (!driving) {
                    end();
                }
                return;
            }
            long leftNs = deadlineNs - clock().nanoTime();
            if (leftNs <= 0 || ended.await(Math.min(leftNs, OWNER_CHECK_NS), TimeUnit.NANOSECONDS)) {
                return;
            }
        }
    }

    private void end() {
        if (closed) {
            return;
        }
        closeSockets();
        // Tasks that were accepted shall run; those that come from now on are refused.
        tasks.run();
        closed = true;
        tasks.run();
        timers.clear();
        io.prepareToDestroy();
        io.destroy();
        ended.countDown();
    }

    /** What the selector needs to know to decide how long it may wait. */
    private final class Turn implements IoHandlerContext {
        private long maxWaitNs;

        @Override
        public boolean canBlock() {
            return maxWaitNs > 0 && tasks.isEmpty() && !closeRequested && nextTimerNs() > 0;
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return Math.min(maxWaitNs, timers.untilNextNs(currentTimeNanos));
        }

        @Override
        public long deadlineNanos() {
            long nowNs = clock().nanoTime();
            long delayNs = delayNanos(nowNs);
            return delayNs == Long.MAX_VALUE ? -1 : nowNs + delayNs;
        }

        private long nextTimerNs() {
            return timers.isEmpty() ? Long.MAX_VALUE : timers.untilNextNs(clock().nanoTime());
        }
    }
}
