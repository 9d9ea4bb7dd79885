package io.verbena.concurrency;

import io.verbena.queue.SoftCompletionQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two threads poll a queue with two completions: each gets one. */
@JCStressTest
@State
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "the first thread was first")
@Outcome(id = "2, 1", expect = Expect.ACCEPTABLE, desc = "the second thread was first")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost or doubled")
public class TwoPollers {
    private final SoftCompletionQueue queue = Completions.queue(2, null);

    /** Begins with two completions. */
    public TwoPollers() {
        Completions.add(queue, 1);
        Completions.add(queue, 2);
    }

    /** One thread. */
    @Actor
    public void one(II_Result result) {
        result.r1 = Completions.poll(queue);
    }

    /** The other. */
    @Actor
    public void other(II_Result result) {
        result.r2 = Completions.poll(queue);
    }
}
