package io.verbena.engine;

import io.verbena.queue.ReceiveQueue;
import io.verbena.queue.SendQueue;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletionStatus;

/**
 * Ends the requests that no connection will carry out any more (state machines 2.4; RFC 5040 section 6.2.1): every request
 * that was accepted completes exactly once.
 *
 * <p>On entering Error first what is in service (own Reads are the oldest), then what waits on the send queue, in the order
 * of posting; then the receives in theirs. In Closing the receives only. What was posted too late for a flush is found by
 * the next one; all flushes of a connection name the same cause.
 *
 * <p>Thread rule: the home loop of the queue pair.
 */
final class Flush {
    private final SendQueue sendQueue;
    private final ReceiveQueue receiveQueue;
    private final Completions completions;

    private FailureCause cause;

    /** Makes the flush of a new queue pair; {@code receiveQueue} is null if its receives are shared: they are not flushed. */
    Flush(SendQueue sendQueue, ReceiveQueue receiveQueue, Completions completions) {
        this.sendQueue = sendQueue;
        this.receiveQueue = receiveQueue;
        this.completions = completions;
    }

    /** Notes the cause that flushed requests are to name. */
    void because(FailureCause known) {
        cause = known;
    }

    /** Forgets the cause: the queue pair is back in Idle. */
    void forgetCause() {
        cause = null;
    }

    /**
     * Returns the cause that flushed requests name.
     *
     * @param started why the queue pair left RTS, or null if the application wished so without a connection
     */
    FailureCause cause(FailureCause started) {
        if (cause == null) {
            cause = started == null
                    ? FailureCause.of(FailureCause.End.LOCAL, FailedCheck.LOCAL_CLOSE)
                            .detail("the queue pair was moved to Error")
                            .build()
                    : FailureCause.of(started.detectedBy(), started.check())
                            .detail("flushed")
                            .startedBy(started, started.startedByRequest())
                            .build();
        }
        return cause;
    }

    /** Flushes both queues because of {@code started}; see {@link #cause}. */
    void all(FailureCause started) {
        FailureCause why = cause(started);
        completions.order().flushRest(why);
        completions.deliverSends();
        sendQueue.releaseTaken();
        for (int slot = sendQueue.next(); slot >= 0; slot = sendQueue.next()) {
            int position = completions.begin(sendQueue, slot);
            completions.order().done(position, WorkCompletionStatus.FLUSHED, 0, why);
            sendQueue.done(slot);
            completions.deliverSends();
        }
        receives(started);
    }

    /** Flushes the receives because of {@code started}; see {@link #cause}. */
    void receives(FailureCause started) {
        FailureCause why = cause(started);
        if (receiveQueue == null) {
            // VRB-SR-07: what waits on a shared receive queue is not this queue pair's.
            return;
        }
        for (int slot = receiveQueue.take(); slot >= 0; slot = receiveQueue.take()) {
            completions.completeReceive(slot, WorkCompletionStatus.FLUSHED, 0, false, false, 0, why);
        }
    }
}
