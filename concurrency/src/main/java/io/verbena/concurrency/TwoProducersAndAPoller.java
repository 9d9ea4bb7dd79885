package io.verbena.concurrency;

import io.verbena.queue.SoftCompletionQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Needs three processors. Two loops add to one completion queue while a thread polls: each completion is polled once. */
@JCStressTest
@State
@Outcome(id = "0, 1, 2", expect = Expect.ACCEPTABLE, desc = "none yet; the first is ahead")
@Outcome(id = "0, 2, 1", expect = Expect.ACCEPTABLE, desc = "none yet; the second is ahead")
@Outcome(id = "1, 2, 0", expect = Expect.ACCEPTABLE, desc = "the first was polled at once")
@Outcome(id = "2, 1, 0", expect = Expect.ACCEPTABLE, desc = "the second was polled at once")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost or doubled")
public class TwoProducersAndAPoller {
    private final SoftCompletionQueue queue = Completions.queue(2, null);

    /** One loop. */
    @Actor
    public void one() {
        Completions.add(queue, 1);
    }

    /** The other. */
    @Actor
    public void other() {
        Completions.add(queue, 2);
    }

    /** The application. */
    @Actor
    public void poll(III_Result result) {
        result.r1 = Completions.poll(queue);
    }

    /** What is left. */
    @Arbiter
    public void rest(III_Result result) {
        result.r2 = Completions.poll(queue);
        result.r3 = Completions.poll(queue);
    }
}
