package io.verbena.concurrency;

import io.verbena.queue.SoftCompletionQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** A loop adds two completions while a thread polls twice: each completion is polled once, in order. */
@JCStressTest
@State
@Outcome(id = "0, 0, 1, 2", expect = Expect.ACCEPTABLE, desc = "none yet, twice")
@Outcome(id = "0, 1, 2, 0", expect = Expect.ACCEPTABLE, desc = "none yet, then the first")
@Outcome(id = "1, 0, 2, 0", expect = Expect.ACCEPTABLE, desc = "the first, the second not yet")
@Outcome(id = "1, 2, 0, 0", expect = Expect.ACCEPTABLE, desc = "both at once")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost, doubled or out of order")
public class ProducerAndPoller {
    private final SoftCompletionQueue queue = Completions.queue(2, null);

    /** The loop. */
    @Actor
    public void complete() {
        Completions.add(queue, 1);
        Completions.add(queue, 2);
    }

    /** The application. */
    @Actor
    public void poll(IIII_Result result) {
        result.r1 = Completions.poll(queue);
        result.r2 = Completions.poll(queue);
    }

    /** What is left. */
    @Arbiter
    public void rest(IIII_Result result) {
        result.r3 = Completions.poll(queue);
        result.r4 = Completions.poll(queue);
    }
}
