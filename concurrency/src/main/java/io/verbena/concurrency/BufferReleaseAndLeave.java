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

/** A stream that waits in line ends, while the buffer that it waits for is given back by another loop (SYS-POOL-05). */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "it had its place or the buffer, and the pool is whole")
@Outcome(expect = Expect.FORBIDDEN, desc = "the buffer is lost, or the stream still stands in line")
public class BufferReleaseAndLeave {
    private static final int ONE = 1;
    private static final int OTHER = 2;

    private final AdapterBufferPool pool = new AdapterBufferPool(64, 1);
    private final StagingBuffer last = pool.acquire(ONE, BufferUse.SEND_OUT);
    private final BufferWaiter waiter = BufferWaiter.toReceive(new TaskLoop(), OTHER, () -> {});

    /** Lets the stream take its place. */
    public BufferReleaseAndLeave() {
        if (pool.acquireOrWait(waiter) != null) {
            throw new IllegalStateException("a buffer was given that is another's");
        }
    }

    /** The loop of who has it. */
    @Actor
    public void release() {
        pool.release(last, ONE);
    }

    /** The loop of the stream that ends. */
    @Actor
    public void leave(II_Result result) {
        result.r1 = pool.cancel(waiter) ? 1 : 0;
    }

    /** Whether all is as it was at first. */
    @Arbiter
    public void look(II_Result result) {
        result.r2 = pool.whole() && !pool.streamsWait() ? 1 : 0;
    }
}
