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

/** A request is posted while the loop looks for one: the loop sees all of it or nothing. */
@JCStressTest
@State
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the loop came too early; the request waits")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the loop took the whole request")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost, doubled, or seen in part")
public class PostAndServe {
    private final SendQueue queue = new SendQueue(2, 2, 0);

    /** The application. */
    @Actor
    public void post() {
        queue.post(new SendRequest().write(5, 9).id(7).local(1, 2, 3).local(4, 5, 6));
    }

    /** The loop. */
    @Actor
    public void serve(II_Result result) {
        result.r1 = take();
    }

    /** What is left. */
    @Arbiter
    public void rest(II_Result result) {
        result.r2 = take();
    }

    private int take() {
        int slot = queue.next();
        if (slot < 0) {
            return 0;
        }
        boolean whole = queue.id(slot) == 7
                && queue.remoteStag(slot) == 5
                && queue.remoteAddress(slot) == 9
                && queue.elementCount(slot) == 2
                && queue.stag(slot, 0) == 1
                && queue.lengthOctets(slot, 0) == 3
                && queue.address(slot, 1) == 5;
        queue.done(slot);
        return whole ? 1 : 2;
    }
}
