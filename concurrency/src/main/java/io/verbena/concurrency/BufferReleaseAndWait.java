package io.verbena.concurrency;

import io.verbena.memory.AdapterBufferPool;
import io.verbena.memory.BufferWaiter;
import io.verbena.memory.StagingBuffer;
import io.verbena.verbs.BufferUse;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The last buffer of the pool is given back while a stream of another loop looks for one (SYS-POOL-05). */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "it was free already")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the stream took its place in line, and was given it and told")
@Outcome(expect = Expect.FORBIDDEN, desc = "a stream waits beside a free buffer, or one buffer was given twice")
public class BufferReleaseAndWait {
    private static final int ONE = 1;
    private static final int OTHER = 2;

    private final TaskLoop loop = new TaskLoop();
    private final AdapterBufferPool pool = new AdapterBufferPool(64, 1);
    private final StagingBuffer last = pool.acquire(ONE, BufferUse.SEND_OUT);
    private int told;
    private final BufferWaiter waiter = BufferWaiter.toReceive(loop, OTHER, () -> told++);

    /** The loop of who has it. */
    @Actor
    public void release() {
        pool.release(last, ONE);
    }

    /** The loop of who wants it. */
    @Actor
    public void acquire(II_Result result) {
        result.r1 = pool.acquireOrWait(waiter) == null ? 0 : 1;
    }

    /** Whether it was told, and finds the buffer. */
    @Arbiter
    public void resume(II_Result result) {
        loop.runTasks();
        if (told > 0) {
            result.r2 = told == 1 && pool.acquireOrWait(waiter) == last && last.owner() == OTHER ? 1 : -1;
        }
    }
}
