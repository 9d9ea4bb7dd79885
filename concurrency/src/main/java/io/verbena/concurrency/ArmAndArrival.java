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
import org.openjdk.jcstress.infra.results.II_Result;

/** A completion arrives while the application arms, looks once more, and would then sleep (VRB-CQ-10). */
@JCStressTest
@State
@Outcome(id = "1, 0", expect = Expect.ACCEPTABLE, desc = "it was there before the arming")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "it came after the arming and before the look")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "it came later; the event wakes the sleeper")
@Outcome(expect = Expect.FORBIDDEN, desc = "the application sleeps beside a completion")
public class ArmAndArrival {
    private final SoftCompletionChannel channel = new SoftCompletionChannel(() -> 0, null, false, () -> {});
    private final SoftCompletionQueue queue = Completions.queue(2, channel);

    /** The application. */
    @Actor
    public void armAndLook(II_Result result) {
        queue.arm(Notify.NEXT);
        result.r1 = Completions.poll(queue);
    }

    /** The loop. */
    @Actor
    public void complete() {
        Completions.add(queue, 1);
    }

    /** Whether a sleeper would be woken. */
    @Arbiter
    public void sleep(II_Result result) {
        try {
            result.r2 = channel.await(Duration.ZERO) == null ? 0 : 1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
