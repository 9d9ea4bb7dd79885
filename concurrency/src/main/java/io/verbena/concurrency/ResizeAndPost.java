package io.verbena.concurrency;

import io.verbena.queue.ReceiveAccount;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A full shared queue grows while another receive is posted. */
@JCStressTest
@State
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "it was still full")
@Outcome(id = "1, 1, 2", expect = Expect.ACCEPTABLE, desc = "there was room; both are drawn in their order")
@Outcome(expect = Expect.FORBIDDEN, desc = "a receive lost, doubled, out of order or seen in part")
public class ResizeAndPost {
    private final SharedQueue queue = new SharedQueue(1, 1);
    private final ReceiveAccount account = queue.account(1, 1);

    /** The application. */
    @Actor
    public void post(III_Result result) {
        result.r1 = queue.post(2);
    }

    /** Another thread of it. */
    @Actor
    public void resize() {
        queue.receives.resize(2);
    }

    /** What is drawn then. */
    @Arbiter
    public void rest(III_Result result) {
        queue.receives.manage(number -> 2);
        result.r2 = SharedQueue.take(account);
        result.r3 = SharedQueue.take(account);
    }
}
