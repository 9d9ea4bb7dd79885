package io.verbena.concurrency;

import io.verbena.queue.ReceiveAccount;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** A message that is refused on its way puts back what it has drawn, while a message of another queue pair draws (SYS-SRQ-02). */
@JCStressTest
@State
@Outcome(id = "1, 1, 2, 1", expect = Expect.ACCEPTABLE, desc = "it had gone back before the other drew it")
@Outcome(id = "1, 2, 1, 1", expect = Expect.ACCEPTABLE, desc = "the other drew in between; what went back is the next")
@Outcome(id = "2, 1, 2, 1", expect = Expect.ACCEPTABLE, desc = "the other was first")
@Outcome(expect = Expect.FORBIDDEN, desc = "a receive lost or doubled, or the accounts do not add up")
public class PutBackAndTake {
    private final SharedQueue queue = new SharedQueue(2, 2);
    private final ReceiveAccount refused = queue.account(1, 2);
    private final ReceiveAccount other = queue.account(2, 2);

    /** The loop of the message that is refused. */
    @Actor
    public void drawAndPutBack(IIII_Result result) {
        int slot = refused.take();
        result.r1 = SharedQueue.id(refused, slot);
        refused.putBack(new int[] {slot}, 1);
    }

    /** The other loop. */
    @Actor
    public void take(IIII_Result result) {
        result.r2 = SharedQueue.take(other);
    }

    /** What is drawn next, if the other then holds both. */
    @Arbiter
    public void rest(IIII_Result result) {
        int held = queue.held();
        result.r3 = SharedQueue.take(other);
        result.r4 = held == 1 && queue.held() == 2 ? 1 : 0;
    }
}
