package io.verbena.concurrency;

import io.verbena.transport.LoopToken;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A borrower changes plain fields of the loop and leaves; the own thread takes the loop back and reads them. */
@JCStressTest
@State
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "the borrower was still inside")
@Outcome(id = "1, 2", expect = Expect.ACCEPTABLE, desc = "the own thread has the loop as the borrower left it")
@Outcome(expect = Expect.FORBIDDEN, desc = "the own thread has the loop, but not all that the borrower did")
public class TokenPassesOnTheLoop {
    private final LoopToken token = new LoopToken(Thread.currentThread());
    private int first;
    private int second;

    /** Begins with a borrower inside. */
    public TokenPassesOnTheLoop() {
        token.lend();
        token.tryEnter();
    }

    /** The borrower. */
    @Actor
    public void leave() {
        first = 1;
        second = 2;
        token.leave();
    }

    /** The own thread. */
    @Actor
    public void takeBack(II_Result result) {
        if (token.tryTakeBack()) {
            result.r2 = second;
            result.r1 = first;
        }
    }
}
