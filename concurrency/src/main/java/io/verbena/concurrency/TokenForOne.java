package io.verbena.concurrency;

import io.verbena.transport.LoopToken;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** The token of a loop is free; a thread that waits comes while the loop's own thread takes it back. */
@JCStressTest
@State
@Outcome(id = "true, false", expect = Expect.ACCEPTABLE, desc = "the borrower came first")
@Outcome(id = "false, true", expect = Expect.ACCEPTABLE, desc = "the own thread came first")
@Outcome(expect = Expect.FORBIDDEN, desc = "two threads are inside, or none is")
public class TokenForOne {
    private final LoopToken token = new LoopToken(Thread.currentThread());

    /** Begins with a free token. */
    public TokenForOne() {
        token.lend();
    }

    /** The borrower. */
    @Actor
    public void enter(ZZ_Result result) {
        result.r1 = token.tryEnter();
    }

    /** The own thread. */
    @Actor
    public void takeBack(ZZ_Result result) {
        result.r2 = token.tryTakeBack();
    }
}
