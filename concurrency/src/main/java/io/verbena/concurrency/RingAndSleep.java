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

/** A request is posted and the doorbell is rung while the loop answers an earlier ring and goes to sleep. */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the loop saw the request before it slept")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the ring woke the loop")
@Outcome(expect = Expect.FORBIDDEN, desc = "the loop sleeps and a request waits")
public class RingAndSleep {
    private final Service service = new Service();
    private final TaskLoop loop = new TaskLoop();
    private final Doorbell doorbell = new Doorbell(service);

    /** Begins with a ring that is not answered. */
    public RingAndSleep() {
        doorbell.bind(loop);
        doorbell.ring();
    }

    /** The application. */
    @Actor
    public void post() {
        service.queue.post(new SendRequest().send().id(1));
        doorbell.ring();
    }

    /** The loop: does what it was given, then sleeps. */
    @Actor
    public void answer(II_Result result) {
        loop.runTasks();
        result.r1 = service.served;
    }

    /** A task that waits wakes the loop. */
    @Arbiter
    public void wake(II_Result result) {
        service.served = 0;
        loop.runTasks();
        result.r2 = service.served;
    }

    /** What the loop does when it was rung for. */
    private static final class Service implements Runnable {
        private final SendQueue queue = new SendQueue(2, 1, 0);
        private int served;

        @Override
        public void run() {
            for (int slot = queue.next(); slot >= 0; slot = queue.next()) {
                queue.done(slot);
                served++;
            }
        }
    }
}
