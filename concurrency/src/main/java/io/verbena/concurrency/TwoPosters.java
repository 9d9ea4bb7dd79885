package io.verbena.concurrency;

import io.verbena.queue.SendQueue;
import io.verbena.verbs.SendRequest;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two threads post at once: each request is taken once, in either order. */
@JCStressTest
@State
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "the first is ahead")
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "the second is ahead")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost or doubled")
public class TwoPosters {
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

    /** What is there. */
    @Arbiter
    public void rest(II_Result result) {
        result.r1 = take();
        result.r2 = take();
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
