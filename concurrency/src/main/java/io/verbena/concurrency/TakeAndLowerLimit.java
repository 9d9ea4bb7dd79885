package io.verbena.concurrency;

import io.verbena.queue.ReceiveAccount;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A loop draws a receive while its queue pair's limit is set to 0 (SYS-SRQ-01). */
@JCStressTest
@State
@Outcome(
        id = "1, 1, 0",
        expect = Expect.ACCEPTABLE,
        desc = "drawn before; it is held beyond the limit, and nothing more is drawn")
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "the limit came first")
@Outcome(expect = Expect.FORBIDDEN, desc = "drawn and not held, or drawn after the limit was 0")
public class TakeAndLowerLimit {
    private final SharedQueue queue = new SharedQueue(2, 2);
    private final ReceiveAccount account = queue.account(1, 2);

    /** The loop. */
    @Actor
    public void take(III_Result result) {
        result.r1 = SharedQueue.take(account);
    }

    /** The application. */
    @Actor
    public void lower() {
        queue.receives.manage(number -> 0);
    }

    /** What is held, and whether more can be drawn. */
    @Arbiter
    public void rest(III_Result result) {
        result.r2 = queue.held();
        result.r3 = SharedQueue.take(account);
    }
}
