package io.verbena.concurrency;

import io.verbena.queue.SendQueue;
import io.verbena.verbs.SendRequest;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Needs three processors. Posting, serving and completing are on three threads (SYS-WQ-07). */
@JCStressTest
@State
@Outcome(id = "0, 0, 1", expect = Expect.ACCEPTABLE, desc = "posted only")
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "served, not completed")
@Outcome(id = "1, 1, 1", expect = Expect.ACCEPTABLE, desc = "served and completed")
@Outcome(expect = Expect.FORBIDDEN, desc = "completed unserved, or the queue did not come to rest")
public class PostServeComplete {
    private final SendQueue queue = new SendQueue(1, 1, 0);
    private volatile int served = -1;

    /** The application. */
    @Actor
    public void post() {
        queue.post(new SendRequest().send().id(1));
    }

    /** The loop takes it into service and hands its slot on. */
    @Actor
    public void serve(III_Result result) {
        int slot = queue.next();
        result.r1 = slot < 0 ? 0 : 1;
        served = slot;
    }

    /** Another thread completes it. */
    @Actor
    public void complete(III_Result result) {
        int slot = served;
        if (slot >= 0) {
            queue.done(slot);
            result.r2 = 1;
        }
    }

    /** Ends what is left, and looks whether everything is at rest. */
    @Arbiter
    public void rest(III_Result result) {
        if (result.r1 == 0) {
            served = queue.next();
        }
        if (result.r2 == 0) {
            queue.done(served);
        }
        boolean atRest = queue.idle() && queue.busy() == 0 && queue.waiting() == 0 && !queue.inService();
        result.r3 = atRest ? 1 : 0;
    }
}
