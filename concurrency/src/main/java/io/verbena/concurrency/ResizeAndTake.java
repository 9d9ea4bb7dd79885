package io.verbena.concurrency;

import io.verbena.queue.ReceiveAccount;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A shared queue grows while a loop draws a receive and reads it: the loop finds the same in the old and the new places. */
@JCStressTest
@State
@Outcome(
        id = "1, 1, 2",
        expect = Expect.ACCEPTABLE,
        desc = "the loop drew the first receive and read all of it; the second still waits")
@Outcome(expect = Expect.FORBIDDEN, desc = "a receive lost, doubled, out of order or seen in part")
public class ResizeAndTake {
    private final SharedQueue queue = new SharedQueue(2, 2);
    private final ReceiveAccount account = queue.account(1, 2);
    private int slot;

    /** The loop. */
    @Actor
    public void take(III_Result result) {
        slot = account.take();
        result.r1 = SharedQueue.id(account, slot);
    }

    /** The application. */
    @Actor
    public void resize() {
        queue.receives.resize(4);
    }

    /** What the loop has drawn, read again, and what is drawn next. */
    @Arbiter
    public void rest(III_Result result) {
        result.r2 = SharedQueue.id(account, slot);
        result.r3 = SharedQueue.take(account);
    }
}
