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

/** Needs three processors. Two threads post while the loop takes: each request is taken once, in either order. */
@JCStressTest
@State
@Outcome(id = "0, 1, 2", expect = Expect.ACCEPTABLE, desc = "none yet; the first is ahead")
@Outcome(id = "0, 2, 1", expect = Expect.ACCEPTABLE, desc = "none yet; the second is ahead")
@Outcome(id = "1, 2, 0", expect = Expect.ACCEPTABLE, desc = "the first was taken at once")
@Outcome(id = "2, 1, 0", expect = Expect.ACCEPTABLE, desc = "the second was taken at once")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost or doubled")
public class TwoPostersAndTheLoop {
    private final SendQueue queue = new SendQueue(2, 1, 0);

    /** One thread. */
    @Actor
    public void one() {
        queue.post(new SendRequest().send().id(1));
    }

    /** The other. */
    @Actor
    public void other() {
        queue.post(new SendRequest().send().id(2));
    }

    /** The loop. */
    @Actor
    public void serve(III_Result result) {
        result.r1 = take();
    }

    /** What is left. */
    @Arbiter
    public void rest(III_Result result) {
        result.r2 = take();
        result.r3 = take();
    }

    private int take() {
        int slot = queue.next();
        if (slot < 0) {
            return 0;
        }
        int id = (int) queue.id(slot);
        queue.done(slot);
        return id;
    }
}
