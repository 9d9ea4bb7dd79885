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

/** The loop takes a request while another thread completes the one before (SYS-WQ-07). */
@JCStressTest
@State
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the register names the one taken last, and nothing is left")
@Outcome(expect = Expect.FORBIDDEN, desc = "a wrong register, or the queue did not come to rest")
public class ServeAndComplete {
    private final SendQueue queue = new SendQueue(2, 1, 0);
    private final int first;
    private int second;

    /** Begins with one request in service and one behind it. */
    public ServeAndComplete() {
        queue.post(new SendRequest().send().id(1));
        queue.post(new SendRequest().send().id(2));
        first = queue.next();
    }

    /** The loop. */
    @Actor
    public void serve() {
        second = queue.next();
    }

    /** The completing thread. */
    @Actor
    public void complete() {
        queue.done(first);
    }

    /** Looks at the registers, and completes the other. */
    @Arbiter
    public void rest(II_Result result) {
        boolean named = queue.requestInService() == second && queue.inService() && !queue.idle();
        result.r1 = named ? 1 : 0;
        queue.done(second);
        boolean atRest = queue.idle() && queue.busy() == 0 && queue.waiting() == 0 && !queue.inService();
        result.r2 = atRest ? 1 : 0;
    }
}
