package io.verbena.rdmap;

import io.verbena.queue.SendQueue;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.observe.StackEvents;

/**
 * Whether the send queue is drained (SYS-MEM-06): a request that should have changed memory has failed under
 * {@link io.verbena.verbs.RegistrationFailurePolicy#REACTIVE}, and what is behind it is flushed in its turn, until the
 * application resumes. Everything else of the stream carries on.
 *
 * <p>A resume lets go what is posted from then on: the requests that waited at that moment are still flushed, in their order,
 * although there may be no room for their completions yet.
 *
 * <p>Thread rule: the stream's loop; {@link #drained()} any thread.
 */
final class SendQueueDrain {
    private final RdmapUser user;

    private volatile boolean drained;

    /** Flushes that the drain still asks for: none, so many behind a resume, or without end. */
    private int flushes;

    private FailureCause cause;

    SendQueueDrain(RdmapUser user) {
        this.user = user;
    }

    /** Returns whether the send queue is drained. Any thread. */
    boolean drained() {
        return drained;
    }

    /** Returns whether the next request of the send queue is to be flushed. */
    boolean flushing() {
        return flushes > 0;
    }

    /** Drains the send queue because request {@code id} has failed. */
    void begin(FailureCause failure, long id) {
        cause = FailureCause.of(failure.detectedBy(), failure.check())
                .detail("flushed, because the send queue is drained")
                .startedBy(failure, id)
                .build();
        flushes = Integer.MAX_VALUE;
        drained = true;
        tell(failure);
    }

    /** Puts the send queue back to work; what waits on it now is still flushed. */
    void resume() {
        if (drained) {
            flushes = user.sendQueue().waiting();
            drained = false;
            tell(null);
        }
    }

    private void tell(FailureCause failure) {
        StackEvents events = user.events();
        if (events != null) {
            events.onSendQueueDrained(user.deviceName(), user.number(), failure);
        }
    }

    /** Flushes the next request, for which there is room in the completion order. */
    void flushNext() {
        SendQueue queue = user.sendQueue();
        int slot = queue.next();
        int position = user.beginRequest(queue, slot);
        user.completionOrder().contained(position, WorkCompletionStatus.FLUSHED, cause);
        queue.done(slot);
        if (!drained) {
            flushes--;
        }
    }
}
