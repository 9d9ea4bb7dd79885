package io.verbena.concurrency;

import io.verbena.queue.ReceiveQueue;
import io.verbena.queue.ReceiveSource;
import io.verbena.verbs.ReceiveRequest;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A receive is posted while a message that may wait looks for one: somebody always notices. */
@JCStressTest
@State
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the message took the receive")
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "the message waits, and the poster rings")
@Outcome(
        id = "1, 1",
        expect = Expect.ACCEPTABLE,
        desc = "the message found the receive on its second look; the ring is for nothing")
@Outcome(expect = Expect.FORBIDDEN, desc = "the message waits and nobody rings")
public class PostReceiveAndWait {
    private final ReceiveQueue queue = new ReceiveQueue(1, 1);

    /** The application: posts, and looks whether it has to ring. */
    @Actor
    public void post(II_Result result) {
        queue.post(new ReceiveRequest().receive(7));
        result.r1 = queue.awaited() ? 1 : 0;
    }

    /** The loop. */
    @Actor
    public void takeOrWait(II_Result result) {
        result.r2 = queue.takeOrWait() == ReceiveSource.WAIT ? 0 : 1;
    }
}
