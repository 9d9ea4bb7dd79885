package io.verbena.benchmarks.end;

import java.util.concurrent.CountDownLatch;

/**
 * Tells a server that a measurement is over.
 *
 * <p>Thread rule: any thread.
 */
public final class StopSignal {
    private final CountDownLatch latch = new CountDownLatch(1);
    private volatile boolean raised;

    /** Raises it. */
    public void raise() {
        raised = true;
        latch.countDown();
    }

    /** Returns whether it was raised; for threads that spin. */
    public boolean raised() {
        return raised;
    }

    /** Sleeps until it is raised. */
    public void await() throws InterruptedException {
        latch.await();
    }
}
