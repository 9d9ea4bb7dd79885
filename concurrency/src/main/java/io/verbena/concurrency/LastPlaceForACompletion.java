package io.verbena.concurrency;

import io.verbena.queue.SoftCompletionQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two loops add to a completion queue with one free place: one is refused, nothing is overwritten (VRB-CQ-04). */
@JCStressTest
@State
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "the first has it")
@Outcome(id = "0, 1, 2", expect = Expect.ACCEPTABLE, desc = "the second has it")
@Outcome(expect = Expect.FORBIDDEN, desc = "both, none, or a completion of neither")
public class LastPlaceForACompletion {
    private final SoftCompletionQueue queue = Completions.queue(1, null);

    /** One loop. */
    @Actor
    public void one(III_Result result) {
        result.r1 = Completions.add(queue, 1);
    }

    /** The other. */
    @Actor
    public void other(III_Result result) {
        result.r2 = Completions.add(queue, 2);
    }

    /** What is there, if it is alone. */
    @Arbiter
    public void rest(III_Result result) {
        int first = Completions.poll(queue);
        result.r3 = Completions.poll(queue) == 0 ? first : -1;
    }
}
