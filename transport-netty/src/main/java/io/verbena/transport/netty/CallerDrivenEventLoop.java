package io.verbena.transport.netty;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A loop that runs on whoever drives it.
 *
 * <p>The first thread that drives it owns it. When that thread has ended, the next one that drives (or closes) the loop
 * takes over; that is why this is not Netty's {@code ManualIoEventLoop}, whose owner is for life: an application whose
 * polling thread has ended could then never close its connections in order.
 */
final class CallerDrivenEventLoop extends NettyEventLoop {
    /** How often a thread that closes the loop looks whether the owner has ended. */
    private static final long OWNER_CHECK_NS = 5_000_000L;

    private final AtomicReference<Thread> owner = new AtomicReference<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean driving;

    CallerDrivenEventLoop(int index) {
        super(index);
    }

    @Override
    public boolean inLoop() {
        return owner.get() == Thread.currentThread();
    }

    @Override
    public boolean callerDriven() {
        return true;
    }

    @Override
    public int drive(long maxWaitNs) {
        if (maxWaitNs < 0) {
            throw new IllegalArgumentException("maxWaitNs " + maxWaitNs + " must not be negative");
        }
        // A task of this loop that drives the loop again finds nothing: what runs on a loop does not overlap.
        if (closed() || !own() || driving) {
            return 0;
        }
        driving = true;
        try {
            // Tasks first: what was posted is on its way before the socket is asked for something that most often is
            // not
            // there yet.
            int done = runTasks();
            done += turn(done > 0 ? 0 : maxWaitNs);
            if (closeRequested()) {
                end();
            } else {
                letGo();
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

    @Override
    void onReleased() {
        if (!driving && !closed()) {
            letGo();
        }
    }

    /**
     * Ends the loop here if the calling thread may own it, or else waits for the owner. An owner that lives and does not
     * drive within {@code maxWaitNs} ends the loop the next time it drives: nobody may do that in its place, because it
     * may be using the loop's streams at this moment.
     */
    @Override
    void awaitClosed(long maxWaitNs) throws InterruptedException {
        long deadlineNs = clock().nanoTime() + maxWaitNs;
        while (!closed()) {
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

    @Override
    void end() {
        super.end();
        ended.countDown();
    }
}
