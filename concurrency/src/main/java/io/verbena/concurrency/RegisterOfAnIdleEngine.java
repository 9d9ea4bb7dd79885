package io.verbena.concurrency;

import io.verbena.queue.SendQueue;
import io.verbena.verbs.SendRequest;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Requests are posted to an idle engine that wakes meanwhile: in the end the first register names what was taken last, and it is done. */
@JCStressTest
@State
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the engine was too early")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the engine took one")
@Outcome(expect = Expect.FORBIDDEN, desc = "the register names a wrong request, or the in-service bit stays on")
public class RegisterOfAnIdleEngine {
    private final SendQueue queue = new SendQueue(2, 1, 0);
    private int last = -1;

    /** The application. */
    @Actor
    public void post() {
        queue.post(new SendRequest().send().id(1));
        queue.post(new SendRequest().send().id(2));
    }

    /** The loop. */
    @Actor
    public void serve(II_Result result) {
        result.r1 = take();
    }

    /** Serves the rest. */
    @Arbiter
    public void rest(II_Result result) {
        while (take() == 1) {}
        result.r2 = queue.requestInService() == last && !queue.inService() ? 1 : 0;
    }

    private int take() {
        int slot = queue.next();
        if (slot < 0) {
            return 0;
        }
        last = slot;
        queue.done(slot);
        return 1;
    }
}
