package io.verbena.concurrency;

import io.verbena.queue.ReceiveAccount;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two loops draw receives, and each of them leaves fewer than the watermark: one event for one arming (SYS-SRQ-05). */
@JCStressTest
@State
@Outcome(id = "1, 2, 1", expect = Expect.ACCEPTABLE, desc = "the first loop was first")
@Outcome(id = "2, 1, 1", expect = Expect.ACCEPTABLE, desc = "the second loop was first")
@Outcome(expect = Expect.FORBIDDEN, desc = "a receive drawn twice, or an event lost or told twice")
public class TwoTakesAndTheWatermark {
    private final SharedQueue queue = new SharedQueue(2, 2);
    private final ReceiveAccount first = queue.account(1, 2);
    private final ReceiveAccount second = queue.account(2, 2);

    /** Begins armed. */
    public TwoTakesAndTheWatermark() {
        queue.receives.arm(2);
    }

    /** One loop. */
    @Actor
    public void one(III_Result result) {
        result.r1 = SharedQueue.take(first);
    }

    /** The other. */
    @Actor
    public void other(III_Result result) {
        result.r2 = SharedQueue.take(second);
    }

    /** Events. */
    @Arbiter
    public void rest(III_Result result) {
        result.r3 = queue.low.get();
    }
}
