package io.verbena.concurrency;

import io.verbena.queue.SendQueue;
import io.verbena.verbs.SendRequest;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The only slot is freed while another request is posted: what the loop reads of the old one is never the new one. */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the queue was still full")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the slot was free, and was used again")
@Outcome(expect = Expect.FORBIDDEN, desc = "the loop read a request that was being overwritten")
public class SlotReuse {
    private final SendQueue queue = new SendQueue(1, 1, 0);
    private final int slot;

    /** Begins with request 1 in service. */
    public SlotReuse() {
        queue.post(new SendRequest().write(1, 1).id(1));
        slot = queue.next();
    }

    /** The loop: reads once more, then frees. */
    @Actor
    public void complete(II_Result result) {
        result.r1 = (int) (queue.id(slot) * queue.remoteAddress(slot));
        queue.done(slot);
    }

    /** The application. */
    @Actor
    public void post(II_Result result) {
        result.r2 = queue.post(new SendRequest().write(2, 2).id(2)).posted() ? 1 : 0;
    }
}
