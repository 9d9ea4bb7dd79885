package io.verbena.concurrency;

import io.verbena.queue.SoftCompletionChannel;
import io.verbena.queue.SoftCompletionQueue;
import io.verbena.verbs.Notify;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two loops add to a completion queue that is armed: one event, and both completions are there (VRB-CQ-07). */
@JCStressTest
@State
@Outcome(id = "1, 2, 1", expect = Expect.ACCEPTABLE, desc = "the first is ahead; one event")
@Outcome(id = "2, 1, 1", expect = Expect.ACCEPTABLE, desc = "the second is ahead; one event")
@Outcome(expect = Expect.FORBIDDEN, desc = "a completion or the event lost or doubled")
public class TwoProducersOneArming {
    private final SoftCompletionChannel channel = new SoftCompletionChannel(() -> 0, null, false, () -> {});
    private final SoftCompletionQueue queue = Completions.queue(2, channel);

    /** Begins armed. */
    public TwoProducersOneArming() {
        queue.arm(Notify.NEXT);
    }

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

    /** What is there, and events. */
    @Arbiter
    public void rest(III_Result result) {
        result.r1 = Completions.poll(queue);
        result.r2 = Completions.poll(queue);
        result.r3 = event() + event();
    }

    private int event() {
        try {
            return channel.await(Duration.ZERO) == null ? 0 : 1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
