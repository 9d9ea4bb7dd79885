package io.verbena.transport.netty;

import io.verbena.transport.LoopToken;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A loop with a daemon thread of its own, which a thread that waits for the loop may borrow meanwhile.
 *
 * <p>Without borrowing, news from a peer wakes two threads, one after the other: the loop's, and the one that waits for it. And
 * what that one posts in answer wakes the loop's again. A borrower sits in the selector itself: the operating system wakes
 * the very thread that waits, and what it posts soon after ({@link #executeSoonest}) it carries out itself. {@link LoopToken}
 * says who is inside; this class says when:
 *
 * <ul>
 *   <li>A borrower asks the loop's own thread, which is woken once, gives the token up and parks.
 *   <li>A borrower leaves as soon as it has what it waited for. Most come back at once. Until then nobody looks after the
 *       loop, so the own thread looks at the token every now and then ({@link Watch}); if nobody has been inside from one
 *       look to the next, it takes the loop back. While a borrower sleeps inside, the own thread sleeps too: its first look
 *       that finds it so is its last, until the borrower leaves and wakes it.
 *   <li>Tasks that come while nobody is inside wake the own thread at once, except the first few that are given by {@link
 *       #executeSoonest}: those are done by who gives them. After these few the own thread is woken for them too: who posts
 *       much between two waits works in parallel with the loop again.
 *   <li>A loop with many sockets is not lent: its turns may be long, and a borrower would get its event only at their end.
 * </ul>
 *
 * <p>A borrower never runs application code while it is inside, only what a loop runs. It keeps its interrupts; an interrupt
 * ends the borrowing. If what it runs throws, the failure goes where those of the own thread go, and the token is left.
 */
final class BackgroundEventLoop extends NettyEventLoop {
    /** Loops with more sockets are not lent. */
    static final int MAX_SOCKETS_TO_LEND = 8;

    /** How many tasks are done by those who give them, from one borrowing to the next. */
    static final int TASKS_IN_PLACE = 4;

    /** A selector that fails over and over must not make the loop spin. */
    private static final long PAUSE_AFTER_FAILURE_NS = 10_000_000;

    /** Bounds what a wish that gets lost would cost. */
    private static final long WISH_NS = 1_000_000_000;

    private final Thread thread;
    private final LoopToken token;
    private final AtomicBoolean started = new AtomicBoolean();
    private final Watch watch = new Watch();

    /** Handed from holder to holder of the token. */
    private int tasksInPlaceLeft;

    /** Makes the loop; its thread starts with the first task. */
    BackgroundEventLoop(int index, String threadName) {
        super(index);
        thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
        token = new LoopToken(thread);
    }

    @Override
    public boolean inLoop() {
        return token.heldBy(Thread.currentThread());
    }

    @Override
    public boolean callerDriven() {
        return false;
    }

    @Override
    public int drive(long maxWaitNs) {
        throw new UnsupportedOperationException(
                "loop " + index() + " has a thread of its own: nobody else may drive it");
    }

    // ---- the own thread ----

    private void run() {
        while (!closed()) {
            awaitToken();
            try {
                turn(Long.MAX_VALUE);
                if (closeRequested()) {
                    end();
                }
            } catch (Throwable failure) {
                onUncaught(failure);
                LockSupport.parkNanos(this, PAUSE_AFTER_FAILURE_NS);
            }
            forgetInterrupt();
            if (token.wanted() && !closed()) {
                LockSupport.unpark(token.lend());
            }
        }
        // In vain.
        LockSupport.unpark(token.grant());
    }

    /** Interrupting is not how our threads are ended, and a thread that is left interrupted never waits again. */
    private static void forgetInterrupt() {
        boolean unused = Thread.interrupted();
    }

    private void awaitToken() {
        if (token.heldBy(thread)) {
            return;
        }
        watch.restart();
        while (!(mustRun() && token.tryTakeBack())) {
            if (watch.nobodyCameSince(token.visits())) {
                if (token.tryTakeBack()) {
                    return;
                }
                sleepWhileTaken();
                watch.restart();
            } else {
                LockSupport.parkNanos(this, watch.lookAgainInNs());
            }
            forgetInterrupt();
        }
    }

    private boolean mustRun() {
        return hasTasks() || closeRequested();
    }

    private void sleepWhileTaken() {
        token.ownSleeps(true);
        if (token.taken()) {
            LockSupport.park(this);
        }
        token.ownSleeps(false);
    }

    @Override
    boolean hasOtherPlans() {
        return token.wanted() && token.heldBy(thread);
    }

    // ---- who gives the loop something to do ----

    @Override
    void wake() {
        if (!started.get() && started.compareAndSet(false, true)) {
            thread.start();
        }
        super.wake();
        if (token.free()) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void executeSoonest(Runnable task) {
        // Behind tasks that wait it would be out of turn.
        if (hasTasks() || !token.tryEnter()) {
            execute(task);
            return;
        }
        boolean inPlace = tasksInPlaceLeft > 0;
        try {
            if (inPlace) {
                tasksInPlaceLeft--;
                LoopTasks.run(task);
            }
        } finally {
            leave();
        }
        if (!inPlace) {
            execute(task);
        }
    }

    private void leave() {
        boolean ownSleeps = token.leave();
        if (ownSleeps || mustRun()) {
            LockSupport.unpark(thread);
        }
    }

    // ---- the borrower ----

    @Override
    public boolean borrow(BooleanSupplier waiting, long startNs, long maxWaitNs) {
        if (closeRequested() || sockets() > MAX_SOCKETS_TO_LEND || inLoop()) {
            return false;
        }
        if (!token.tryEnter() && !awaitToken(waiting, maxWaitNs)) {
            return false;
        }
        try {
            runWhile(waiting, startNs, maxWaitNs);
        } catch (Throwable failure) {
            onUncaught(failure);
        } finally {
            tasksInPlaceLeft = TASKS_IN_PLACE;
            leave();
        }
        return true;
    }

    private void runWhile(BooleanSupplier waiting, long startNs, long maxWaitNs) {
        Thread borrower = Thread.currentThread();
        long leftNs = maxWaitNs;
        while (leftNs > 0
                && waiting.getAsBoolean()
                && !closeRequested()
                && sockets() <= MAX_SOCKETS_TO_LEND
                && !borrower.isInterrupted()) {
            turn(leftNs);
            if (maxWaitNs != Long.MAX_VALUE && waiting.getAsBoolean()) {
                leftNs = maxWaitNs - (clock().nanoTime() - startNs);
            }
        }
    }

    /** Has the own thread lend the loop; false if the wait is over before, or another thread is faster. */
    private boolean awaitToken(BooleanSupplier waiting, long maxWaitNs) {
        Thread borrower = Thread.currentThread();
        long untilNs = clock().nanoTime() + Math.min(maxWaitNs, WISH_NS);
        boolean entered = false;
        while (!entered && waiting.getAsBoolean() && !closeRequested() && !borrower.isInterrupted()) {
            long leftNs = untilNs - clock().nanoTime();
            // The own thread may have lent the loop and been called back before the borrower came: it asks again.
            if (leftNs <= 0 || token.taken() || !token.wish(borrower)) {
                break;
            }
            wake();
            LockSupport.parkNanos(this, leftNs);
            entered = token.tryEnter();
        }
        token.unwish(borrower);
        return entered || token.tryEnter();
    }

    // ---- closing ----

    @Override
    void onReleased() {
        // Who runs the loop now, or next, asks the selector soon.
    }

    @Override
    void beginClose() {
        super.beginClose();
        // Whoever is inside leaves; the own thread ends the loop.
        LockSupport.unpark(thread);
    }

    @Override
    void awaitClosed(long maxWaitNs) throws InterruptedException {
        if (!inLoop()) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(maxWaitNs)));
        }
    }
}
