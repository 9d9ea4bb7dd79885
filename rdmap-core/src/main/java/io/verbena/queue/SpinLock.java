package io.verbena.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A lock for a few dozen instructions: taking it when free is one atomic operation, waiting makes no system call unless the
 * holder has lost its processor. Not reentrant, not fair.
 */
public final class SpinLock {
    private static final int SPINS_BEFORE_YIELD = 64;

    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(SpinLock.class, "held", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // its readers go through HELD
    private int held;

    /** Makes a free lock. */
    public SpinLock() {}

    /** Waits until the lock is free and takes it. */
    @SuppressWarnings("ThreadPriorityCheck") // the holder may be waiting for this processor
    public void lock() {
        int spins = 0;
        while (!HELD.compareAndSet(this, 0, 1)) {
            do {
                if (++spins % SPINS_BEFORE_YIELD == 0) {
                    Thread.yield();
                } else {
                    Thread.onSpinWait();
                }
            } while ((int) HELD.getOpaque(this) != 0);
        }
    }

    /** Gives the lock back. */
    public void unlock() {
        HELD.setRelease(this, 0);
    }
}
