package io.verbena.concurrency;

import io.verbena.queue.ReceiveAccount;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** Two loops draw the last receive of a shared queue: one gets it (SYS-SRQ-02). */
@JCStressTest
@State
@Outcome(id = "1, 0, 1, 1", expect = Expect.ACCEPTABLE, desc = "the first has it")
@Outcome(id = "0, 1, 1, 1", expect = Expect.ACCEPTABLE, desc = "the second has it")
@Outcome(expect = Expect.FORBIDDEN, desc = "both, none, seen in part, or the accounts do not add up")
public class LastSharedReceive {
    private final SharedQueue queue = new SharedQueue(2, 1);
    private final ReceiveAccount first = queue.account(1, 2);
    private final ReceiveAccount second = queue.account(2, 2);

    /** One loop. */
    @Actor
    public void one(IIII_Result result) {
        result.r1 = SharedQueue.take(first);
    }

    /** The other. */
    @Actor
    public void other(IIII_Result result) {
        result.r2 = SharedQueue.take(second);
    }

    /** What is held, and whether the rest is whole. */
    @Arbiter
    public void rest(IIII_Result result) {
        result.r3 = queue.held();
        result.r4 = queue.roomIsWhole();
    }
}
