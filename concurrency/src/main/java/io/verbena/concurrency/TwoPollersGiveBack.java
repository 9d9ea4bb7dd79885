package io.verbena.concurrency;

import io.verbena.queue.ReceiveAccount;
import io.verbena.queue.SoftCompletionQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** Two threads poll the completions of two receives of one queue pair: both receives are given back (SYS-SRQ-04). */
@JCStressTest
@State
@Outcome(id = "1, 2, 0, 1", expect = Expect.ACCEPTABLE, desc = "the first thread was first")
@Outcome(id = "2, 1, 0, 1", expect = Expect.ACCEPTABLE, desc = "the second thread was first")
@Outcome(expect = Expect.FORBIDDEN, desc = "a completion lost or doubled, or a receive given back never or twice")
public class TwoPollersGiveBack {
    private final SharedQueue queue = new SharedQueue(2, 2);
    private final ReceiveAccount account = queue.account(1, 2);
    private final SoftCompletionQueue completions = Completions.queue(2, null);

    /** Begins with two completions. */
    public TwoPollersGiveBack() {
        SharedQueue.complete(account, completions);
        SharedQueue.complete(account, completions);
    }

    /** One thread. */
    @Actor
    public void one(IIII_Result result) {
        result.r1 = Completions.poll(completions);
    }

    /** The other. */
    @Actor
    public void other(IIII_Result result) {
        result.r2 = Completions.poll(completions);
    }

    /** What is held, and whether each place was freed once. */
    @Arbiter
    public void rest(IIII_Result result) {
        result.r3 = queue.held();
        result.r4 = queue.roomIsWhole();
    }
}
