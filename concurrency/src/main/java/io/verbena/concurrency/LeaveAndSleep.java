package io.verbena.concurrency;

import io.verbena.transport.LoopToken;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A borrower leaves while the own thread goes to sleep because it is inside. */
@JCStressTest
@State
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "the own thread sleeps and is woken")
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "it does not sleep, and is woken for nothing")
@Outcome(id = "false, false", expect = Expect.ACCEPTABLE, desc = "it does not sleep")
@Outcome(expect = Expect.FORBIDDEN, desc = "the own thread sleeps, nobody is inside and nobody wakes it")
public class LeaveAndSleep {
    private final LoopToken token = new LoopToken(Thread.currentThread());

    /** Begins with a borrower inside. */
    public LeaveAndSleep() {
        token.lend();
        token.tryEnter();
    }

    /** The borrower. */
    @Actor
    public void leave(ZZ_Result result) {
        result.r1 = token.leave();
    }

    /** The own thread. */
    @Actor
    public void sleep(ZZ_Result result) {
        token.ownSleeps(true);
        result.r2 = token.taken();
    }
}
