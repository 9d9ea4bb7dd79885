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

/** A queue pair at its limit gets a message while a completion of it is polled (SYS-SRQ-04). */
@JCStressTest
@State
@Outcome(id = "1, 0, 0, 1", expect = Expect.ACCEPTABLE, desc = "the message came too early and was refused")
@Outcome(
        id = "1, 2, 1, 1",
        expect = Expect.ACCEPTABLE,
        desc = "the receive had been given back; the message drew the next")
@Outcome(expect = Expect.FORBIDDEN, desc = "drawn beyond the limit, or the accounts do not add up")
public class PollAndTake {
    private final SharedQueue queue = new SharedQueue(2, 2);
    private final ReceiveAccount account = queue.account(1, 1);
    private final SoftCompletionQueue completions = Completions.queue(2, null);

    /** Begins with one receive that was completed. */
    public PollAndTake() {
        SharedQueue.complete(account, completions);
    }

    /** The application. */
    @Actor
    public void poll(IIII_Result result) {
        result.r1 = Completions.poll(completions);
    }

    /** The loop. */
    @Actor
    public void take(IIII_Result result) {
        result.r2 = SharedQueue.take(account);
    }

    /** What is held, and whether the rest is whole. */
    @Arbiter
    public void rest(IIII_Result result) {
        result.r3 = queue.held();
        result.r4 = queue.roomIsWhole();
    }
}
