package io.verbena.concurrency;

import io.verbena.queue.ReceiveAccount;
import io.verbena.verbs.GiveBack;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** The application gives a receive back while its queue pair is destroyed, which gives back all that it holds (SYS-SRQ-09). */
@JCStressTest
@State
@Outcome(id = "1, 0, 1", expect = Expect.ACCEPTABLE, desc = "the application was first")
@Outcome(
        id = "0, 0, 1",
        expect = Expect.ACCEPTABLE,
        desc = "the queue pair's end was first; the application is told so")
@Outcome(expect = Expect.FORBIDDEN, desc = "a place freed never or twice")
public class GiveBackAndDetach {
    private final SharedQueue queue = new SharedQueue(2, 2, GiveBack.BY_APPLICATION);
    private final ReceiveAccount account = queue.account(1, 2);
    private final long handle;

    /** Begins with both receives drawn. */
    public GiveBackAndDetach() {
        handle = account.handle(account.take());
        account.take();
    }

    /** The application. */
    @Actor
    public void giveBack(III_Result result) {
        try {
            queue.receives.giveBack(handle);
            result.r1 = 1;
        } catch (IllegalStateException wasGivenBack) {
            result.r1 = 0;
        }
    }

    /** Whoever destroys the queue pair. */
    @Actor
    public void detach() {
        queue.receives.detach(account);
    }

    /** What is held, and whether each place was freed once. */
    @Arbiter
    public void rest(III_Result result) {
        result.r2 = queue.held();
        result.r3 = queue.roomIsWhole();
    }
}
