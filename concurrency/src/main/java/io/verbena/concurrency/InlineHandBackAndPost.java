package io.verbena.concurrency;

import io.verbena.memory.AdapterBufferPool;
import io.verbena.queue.InlineBuffers;
import io.verbena.queue.SendQueue;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.SendRequest;
import java.nio.ByteBuffer;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * The last request with inline octets in a chunk of slots is done, and the chunk's small buffer goes back to the pool, while
 * another thread posts the next one to the same chunk (SYS-POOL-04).
 */
@JCStressTest
@State
@Outcome(
        id = "1, 1, 1",
        expect = Expect.ACCEPTABLE,
        desc = "its octets lie in a buffer of its own, and in the end all are free")
@Outcome(expect = Expect.FORBIDDEN, desc = "refused, octets in a buffer that was given back, or a buffer lost")
public class InlineHandBackAndPost {
    private static final int QUEUE_PAIR = 5;
    private static final int OCTETS = 64;
    private static final byte MARK = 0x5A;

    private final AdapterBufferPool pool = new AdapterBufferPool(4096, 1);
    private final SendQueue queue = new SendQueue(2, 1, OCTETS, new InlineBuffers(pool, QUEUE_PAIR, 1));
    private final int first;

    /** Begins with one request in service. */
    public InlineHandBackAndPost() {
        post((byte) 1);
        first = queue.next();
    }

    private PostResult post(byte mark) {
        return queue.post(
                new SendRequest().send().inline(ByteBuffer.allocate(OCTETS).put(OCTETS - 1, mark)));
    }

    /** The loop. */
    @Actor
    public void complete() {
        queue.done(first);
    }

    /** The application. */
    @Actor
    public void post(III_Result result) {
        result.r1 = post(MARK) == PostResult.POSTED ? 1 : 0;
    }

    /** Looks at the octets of the second, and completes it. */
    @Arbiter
    public void look(III_Result result) {
        int slot = queue.next();
        boolean there = slot >= 0
                && queue.inlineBuffer(slot).owner() == QUEUE_PAIR
                && queue.inlineData(slot).get(queue.inlineOffset(slot) + OCTETS - 1) == MARK
                && pool.snapshot().smallOwned() == 1;
        result.r2 = there ? 1 : 0;
        if (slot >= 0) {
            queue.done(slot);
        }
        result.r3 = pool.whole() && queue.busy() == 0 ? 1 : 0;
    }
}
