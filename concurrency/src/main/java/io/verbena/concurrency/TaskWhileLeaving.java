package io.verbena.concurrency;

import io.verbena.transport.LoopToken;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** A loop is given a task while its borrower leaves: one of the two must see that the own thread has to be woken. */
@JCStressTest
@State
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "who leaves sees the task")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "who gives the task sees that nobody is inside")
@Outcome(id = "true, true", expect = Expect.ACCEPTABLE, desc = "both do")
@Outcome(expect = Expect.FORBIDDEN, desc = "a task waits and nobody is woken")
public class TaskWhileLeaving {
    private final LoopToken token = new LoopToken(Thread.currentThread());
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Begins with a borrower inside. */
    public TaskWhileLeaving() {
        token.lend();
        token.tryEnter();
    }

    /** The borrower. */
    @Actor
    public void leave(ZZ_Result result) {
        boolean unused = token.leave();
        result.r1 = !tasks.isEmpty();
    }

    /** Any other thread. */
    @Actor
    public void give(ZZ_Result result) {
        tasks.add(() -> {});
        result.r2 = token.free();
    }
}
