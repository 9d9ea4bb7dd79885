package io.verbena.concurrency;

import io.verbena.queue.ReceiveQueue;
import io.verbena.verbs.ReceiveRequest;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A receive is posted while a message looks for one. */
@JCStressTest
@State
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the message came too early; the receive waits")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the message took the whole receive")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost, doubled, or seen in part")
public class PostReceiveAndTake {
    private final ReceiveQueue queue = new ReceiveQueue(1, 1);

    /** The application. */
    @Actor
    public void post() {
        queue.post(new ReceiveRequest().receive(7).local(1, 2, 3));
    }

    /** The loop. */
    @Actor
    public void take(II_Result result) {
        result.r1 = take();
    }

    /** What is left. */
    @Arbiter
    public void rest(II_Result result) {
        result.r2 = take();
    }

    private int take() {
        int slot = queue.take();
        if (slot < 0) {
            return 0;
        }
        boolean whole = queue.id(slot) == 7 && queue.stag(slot, 0) == 1 && queue.lengthOctets(slot, 0) == 3;
        queue.done(slot);
        return whole ? 1 : 2;
    }
}
