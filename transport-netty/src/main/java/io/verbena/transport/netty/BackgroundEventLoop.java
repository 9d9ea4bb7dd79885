package io.verbena.transport.netty;

import io.netty.channel.IoRegistration;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandle;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A loop with a daemon thread of its own, run by Netty. */
final class BackgroundEventLoop extends NettyEventLoop {
    private final SingleThreadIoEventLoop executor;
    private final LoopTasks tasks = new LoopTasks();
    private final AtomicBoolean turnRequested = new AtomicBoolean();
    private final Runnable turn = this::runTasks;
    private volatile Thread thread;

    /** Makes the loop; its thread starts with the first task. */
    BackgroundEventLoop(int index, String threadName) {
        super(index);
        ThreadFactory threads = task -> newThread(task, threadName);
        executor = new SingleThreadIoEventLoop(null, threads, loop -> new SelectorIoHandler(loop, true));
    }

    private Thread newThread(Runnable task, String threadName) {
        Thread created = new FastThreadLocalThread(task, threadName);
        created.setDaemon(true);
        thread = created;
        return created;
    }

    @Override
    public boolean inLoop() {
        return executor.inEventLoop();
    }

    @Override
    public boolean callerDriven() {
        return false;
    }

    @Override
    public void execute(Runnable task) {
        if (executor.isShutdown()) {
            throw new RejectedExecutionException("loop " + index() + " was closed");
        }
        tasks.add(task);
        // One request serves all tasks that come before it is granted.
        if (turnRequested.compareAndSet(false, true)) {
            requestTurn();
        }
    }

    private void requestTurn() {
        try {
            executor.execute(turn);
        } catch (RejectedExecutionException loopClosed) {
            turnRequested.set(false);
            throw loopClosed;
        }
    }

    private void runTasks() {
        turnRequested.set(false);
        tasks.run();
        if (!tasks.isEmpty() && turnRequested.compareAndSet(false, true)) {
            requestTurn();
        }
    }

    @Override
    public Timer schedule(long delayNs, Runnable task) {
        ScheduledFuture<?> future = executor.schedule(() -> LoopTasks.run(task), delayNs, TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public int drive(long maxWaitNs) {
        throw new UnsupportedOperationException(
                "loop " + index() + " has a thread of its own: nobody else may drive it");
    }

    @Override
    IoRegistration register(NioIoHandle handle) throws IOException {
        // On the loop's own thread the registration is done when the call returns.
        Future<IoRegistration> registration = executor.register(handle);
        if (!registration.isSuccess()) {
            throw new IOException("socket could not be added to the selector", registration.cause());
        }
        return registration.getNow();
    }

    @Override
    void onReleased() {
        // This is the loop's thread, and what it does next is to ask the selector.
    }

    @Override
    void beginClose() {
        try {
            execute(this::end);
        } catch (RejectedExecutionException alreadyEnded) {
            assert executor.isShuttingDown() : alreadyEnded;
        }
    }

    private void end() {
        closeSockets();
        // Who wants to know when it has ended asks awaitClosed.
        Future<?> unusedTermination = executor.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    void awaitClosed(long maxWaitNs) throws InterruptedException {
        if (inLoop()) {
            return;
        }
        if (executor.awaitTermination(maxWaitNs, TimeUnit.NANOSECONDS)) {
            Thread ended = thread;
            if (ended != null) {
                ended.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(maxWaitNs)));
            }
        }
    }
}
