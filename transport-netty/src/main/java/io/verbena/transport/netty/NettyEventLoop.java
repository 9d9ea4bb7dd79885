package io.verbena.transport.netty;

import io.verbena.transport.EventLoop;
import io.verbena.transport.NanoClock;
import io.verbena.transport.StreamHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * What background and caller-driven loops have in common: the sockets they own, the tasks and timers given to them, and what
 * happens in one turn. Whose turn it is, the two kinds decide.
 *
 * <p>Thread rule: as {@link EventLoop} says; the methods added here are for the loop thread unless they say otherwise.
 */
abstract class NettyEventLoop implements EventLoop {
    private final int index;
    private final Set<SelectedSocket> sockets = new LinkedHashSet<>();
    private final ByteBuffer[] readTargets = new ByteBuffer[StreamHandler.MAX_TARGETS];
    private final LoopTasks tasks = new LoopTasks();
    private final LoopTimers timers = new LoopTimers();
    private final Turn turn = new Turn();
    private final SelectorIoHandler io;
    private volatile boolean closeRequested;
    private volatile boolean closed;
    private boolean closing;

    /** Opens its selector. */
    NettyEventLoop(int index) {
        this.index = index;
        io = new SelectorIoHandler(this);
    }

    @Override
    public final int index() {
        return index;
    }

    @Override
    public final NanoClock clock() {
        return SystemNanoClock.INSTANCE;
    }

    /**
     * Puts {@code channel} under this loop's selector, with no interest yet and nobody listening.
     *
     * @throws ClosedSelectorException if the loop is being closed
     * @throws IOException if the selector does not take it
     */
    final SelectedSocket register(SelectableChannel channel) throws IOException {
        if (closing) {
            throw new ClosedSelectorException();
        }
        SelectedSocket socket = new SelectedSocket(this, channel);
        socket.registeredAs(io.register(socket));
        sockets.add(socket);
        return socket;
    }

    /** Returns the array in which handlers name their targets; nothing is kept in it from one read to the next. */
    final ByteBuffer[] readTargets() {
        return readTargets;
    }

    final void forget(SelectedSocket socket) {
        sockets.remove(socket);
    }

    /** A socket has left the selector; it is really closed the next time the selector looks at its sockets. */
    abstract void onReleased();

    // ---- tasks and timers ----

    @Override
    public final void execute(Runnable task) {
        if (closed) {
            throw new RejectedExecutionException("loop " + index + " was closed");
        }
        tasks.add(task);
        wake();
    }

    /** Something was given to this loop: wakes who runs it, or has to. Any thread. */
    void wake() {
        io.wakeup();
    }

    /** Returns whether tasks wait. Any thread. */
    final boolean hasTasks() {
        return !tasks.isEmpty();
    }

    @Override
    public final Timer schedule(long delayNs, Runnable task) {
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

    // ---- turns ----

    /** Runs the tasks that wait, and returns how many that were. */
    final int runTasks() {
        return tasks.run();
    }

    /**
     * Runs what is ready, and returns how many pieces of work that were.
     *
     * @param maxWaitNs 0: does not wait. Above 0: waits at most so many nanoseconds if there is nothing to do
     */
    final int turn(long maxWaitNs) {
        turn.maxWaitNs = maxWaitNs;
        return io.run(turn) + tasks.run() + runDueTimers();
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

    /** Returns whether something besides sockets, tasks and timers keeps the loop from waiting. */
    boolean hasOtherPlans() {
        return false;
    }

    /** Returns how many sockets the loop has. Any thread; a snapshot. */
    final int sockets() {
        return io.sockets();
    }

    /** Lets the operating system close the sockets that have left the selector. */
    final void letGo() {
        io.letGo();
    }

    // ---- closing ----

    /** Begins to close this loop: sockets first, then the tasks that were given. Any thread; idempotent. */
    void beginClose() {
        closeRequested = true;
        wake();
    }

    /** Returns whether the loop is to be closed. Any thread. */
    final boolean closeRequested() {
        return closeRequested;
    }

    /** Returns whether the loop has ended. Any thread. */
    final boolean closed() {
        return closed;
    }

    /** Ends the loop: breaks the streams that are left, runs the tasks that were accepted, and takes no more. */
    void end() {
        if (closed) {
            return;
        }
        closing = true;
        for (SelectedSocket socket : List.copyOf(sockets)) {
            socket.onTransportClosed();
        }
        // Tasks that were accepted shall run; those that come from now on are refused.
        tasks.run();
        closed = true;
        tasks.run();
        timers.clear();
        io.close();
    }

    /**
     * Waits until this loop has ended.
     *
     * @param maxWaitNs at most so many nanoseconds
     */
    abstract void awaitClosed(long maxWaitNs) throws InterruptedException;

    /**
     * Hands a failure for which nobody in the seam is responsible (a handler that throws while it is told of a failure, a
     * task that throws) to the thread's uncaught exception handler. The loop lives on.
     */
    static void onUncaught(Throwable failure) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
    }

    /** How long the turn under way may wait. */
    private final class Turn implements SelectorIoHandler.Waits {
        private long maxWaitNs;

        @Override
        public boolean mayWait() {
            return maxWaitNs > 0
                    && tasks.isEmpty()
                    && !closeRequested
                    && !hasOtherPlans()
                    && (timers.isEmpty() || timers.untilNextNs(clock().nanoTime()) > 0);
        }

        @Override
        public long longestNs() {
            return timers.isEmpty() ? maxWaitNs : Math.min(maxWaitNs, timers.untilNextNs(clock().nanoTime()));
        }
    }
}
