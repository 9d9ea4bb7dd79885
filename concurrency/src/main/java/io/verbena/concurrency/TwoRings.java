package io.verbena.concurrency;

import io.verbena.queue.Doorbell;
import io.verbena.queue.SendQueue;
import io.verbena.verbs.SendRequest;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Two threads post and ring for a loop that sleeps: it is woken, and finds both requests. */
@JCStressTest
@State
@Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "the loop served both and nothing is left")
@Outcome(expect = Expect.FORBIDDEN, desc = "the loop sleeps and a request waits")
public class TwoRings {
    private final SendQueue queue = new SendQueue(2, 1, 0);
    private final TaskLoop loop = new TaskLoop();
    private final Doorbell doorbell = new Doorbell(this::serve);
    private int served;

    /** Begins with a loop that sleeps. */
    public TwoRings() {
        doorbell.bind(loop);
    }

    /** One thread. */
    @Actor
    public void one() {
        queue.post(new SendRequest().send().id(1));
        doorbell.ring();
    }

    /** The other. */
    @Actor
    public void other() {
        queue.post(new SendRequest().send().id(2));
        doorbell.ring();
    }

    /** What waits for the loop wakes it. */
    @Arbiter
    public void wake(II_Result result) {
        loop.runTasks();
        result.r1 = served;
        result.r2 = queue.waiting();
    }

    private void serve() {
        for (int slot = queue.next(); slot >= 0; slot = queue.next()) {
            queue.done(slot);
            served++;
        }
    }
}
