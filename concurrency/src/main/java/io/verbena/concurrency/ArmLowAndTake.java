package io.verbena.concurrency;

import io.verbena.queue.ReceiveAccount;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The watermark is armed while a message draws the receive that makes the queue low (SYS-SRQ-05). */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "armed before: one event, and disarmed by it")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "armed after: no event, the next message will raise it")
@Outcome(expect = Expect.FORBIDDEN, desc = "an event lost or told twice")
public class ArmLowAndTake {
    private final SharedQueue queue = new SharedQueue(2, 2);
    private final ReceiveAccount account = queue.account(1, 2);

    /** The application. */
    @Actor
    public void arm() {
        queue.receives.arm(2);
    }

    /** The loop. */
    @Actor
    public void take() {
        account.take();
    }

    /** Events so far, and those of another message. */
    @Arbiter
    public void rest(II_Result result) {
        result.r1 = queue.low.get();
        account.take();
        result.r2 = queue.low.get() - result.r1;
    }
}
