package io.verbena.concurrency;

import io.verbena.queue.SoftCompletionQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two loops add to one completion queue at once: each completion is polled once. */
@JCStressTest
@State
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "the first is ahead")
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "the second is ahead")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost or doubled")
public class TwoProducers {
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

    /** What is there. */
    @Arbiter
    public void rest(II_Result result) {
        result.r1 = Completions.poll(queue);
        result.r2 = Completions.poll(queue);
    }
}
