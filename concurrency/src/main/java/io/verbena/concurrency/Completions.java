package io.verbena.concurrency;

import io.verbena.queue.CompletionQueueOwner;
import io.verbena.queue.SoftCompletionChannel;
import io.verbena.queue.SoftCompletionQueue;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.WorkCompletionStatus;

/** Makes completion queues, adds to them, and polls. */
final class Completions implements CompletionQueueOwner {
    private static final Completions NOBODY = new Completions();

    private Completions() {}

    static SoftCompletionQueue queue(int capacity, SoftCompletionChannel channel) {
        return new SoftCompletionQueue(1, capacity, capacity, channel, null, NOBODY);
    }

    /** Adds the success of a Send; returns 1, or 0 if the queue was full. */
    static int add(SoftCompletionQueue queue, long id) {
        return queue.add(id, WorkCompletionStatus.SUCCESS, CompletedOperation.SEND, 1, 0, false, false, 0, null)
                ? 1
                : 0;
    }

    /** Returns the id of the next completion, or 0. */
    static int poll(SoftCompletionQueue queue) {
        int[] id = new int[1];
        queue.poll(1, completion -> id[0] = (int) completion.id());
        return id[0];
    }

    @Override
    public void onOverflow(SoftCompletionQueue queue) {
        // The race is about what is refused, not about who hears of it.
    }

    @Override
    public void onClosed(SoftCompletionQueue queue) {
        // Never closed.
    }
}
