package io.verbena.concurrency;

import io.verbena.queue.SendQueue;
import io.verbena.verbs.SendRequest;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two threads post to a queue with one free slot. */
@JCStressTest
@State
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "the first has it")
@Outcome(id = "0, 1, 2", expect = Expect.ACCEPTABLE, desc = "the second has it")
@Outcome(expect = Expect.FORBIDDEN, desc = "both, none, or a request of neither")
public class LastSlot {
    private final SendQueue queue = new SendQueue(1, 1, 0);

    /** One thread. */
    @Actor
    public void one(III_Result result) {
        result.r1 = post(1);
    }

    /** The other. */
    @Actor
    public void other(III_Result result) {
        result.r2 = post(2);
    }

    private int post(long id) {
        return queue.post(new SendRequest().write((int) id, id).id(id)).posted() ? 1 : 0;
    }

    /** What is on the queue. */
    @Arbiter
    public void rest(III_Result result) {
        int slot = queue.next();
        boolean alone = queue.peek() < 0 && queue.waiting() == 0;
        result.r3 = slot >= 0 && alone && queue.remoteAddress(slot) == queue.id(slot) ? (int) queue.id(slot) : -1;
    }
}
