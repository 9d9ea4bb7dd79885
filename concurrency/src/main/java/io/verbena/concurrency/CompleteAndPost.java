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

/** One thread completes a request while another posts the next; the loop takes it afterwards (SYS-WQ-07). */
@JCStressTest
@State
@Outcome(id = "1, 2, 1", expect = Expect.ACCEPTABLE, desc = "posted, taken and done; the queue is at rest")
@Outcome(expect = Expect.FORBIDDEN, desc = "lost, or the queue did not come to rest")
public class CompleteAndPost {
    private final SendQueue queue = new SendQueue(2, 1, 0);
    private final int first;

    /** Begins with request 1 in service. */
    public CompleteAndPost() {
        queue.post(new SendRequest().send().id(1));
        first = queue.next();
    }

    /** The completing thread. */
    @Actor
    public void complete() {
        queue.done(first);
    }

    /** The application. */
    @Actor
    public void post(III_Result result) {
        result.r1 = queue.post(new SendRequest().send().id(2)).posted() ? 1 : 0;
    }

    /** Serves the rest. */
    @Arbiter
    public void rest(III_Result result) {
        int slot = queue.next();
        result.r2 = slot < 0 ? 0 : (int) queue.id(slot);
        if (slot >= 0) {
            queue.done(slot);
        }
        boolean atRest = queue.idle() && queue.busy() == 0 && queue.waiting() == 0 && !queue.inService();
        result.r3 = atRest ? 1 : 0;
    }
}
