package io.verbena.concurrency;

import io.verbena.queue.SendQueue;
import io.verbena.verbs.SendOperation;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkQueueSlot;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A slot is freed and used again while a snapshot reads it: never the id of one request with the operation of the other. */
@JCStressTest
@State
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "in between, the slot was free")
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the request before")
@Outcome(id = "2, 2", expect = Expect.ACCEPTABLE, desc = "the request after")
@Outcome(expect = Expect.FORBIDDEN, desc = "a mixture")
public class SnapshotOfReuse {
    private final SendQueue queue = new SendQueue(1, 1, 0);
    private final int slot;

    /** Begins with a Write in service. */
    public SnapshotOfReuse() {
        queue.post(new SendRequest().write(1, 1).id(1));
        slot = queue.next();
    }

    /** Frees the slot and uses it again. */
    @Actor
    public void reuse() {
        queue.done(slot);
        queue.post(new SendRequest().send().id(2));
    }

    /** Looks on. */
    @Actor
    public void look(II_Result result) {
        WorkQueueSlot seen = queue.snapshot(1).slots().get(0);
        result.r1 = (int) seen.id();
        result.r2 = seen.operation() == SendOperation.WRITE ? 1 : seen.operation() == SendOperation.SEND ? 2 : 0;
    }
}
