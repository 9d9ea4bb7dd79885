package io.verbena.queue;

import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.util.ArrayList;
import java.util.List;

/** Makes completion queues and fills them. */
final class CompletionQueueFixture implements CompletionQueueOwner {
    static final int MAX_CAPACITY = 1000;
    static final FailureCause CAUSE =
            FailureCause.of(FailureCause.End.LOCAL, FailedCheck.values()[0]).build();

    final List<SoftCompletionQueue> overflows = new ArrayList<>();
    final List<SoftCompletionQueue> closed = new ArrayList<>();

    SoftCompletionQueue queue(int number, int capacity, SoftCompletionChannel channel, Progress progress) {
        return new SoftCompletionQueue(number, capacity, MAX_CAPACITY, channel, progress, this);
    }

    @Override
    public void onOverflow(SoftCompletionQueue queue) {
        overflows.add(queue);
    }

    @Override
    public void onClosed(SoftCompletionQueue queue) {
        closed.add(queue);
    }

    /** Adds the success of a Send. */
    static boolean addSend(SoftCompletionQueue queue, int queuePairNumber, long id) {
        return queue.add(
                id, WorkCompletionStatus.SUCCESS, CompletedOperation.SEND, queuePairNumber, 0, false, false, 0, null);
    }

    /** Adds a receive, solicited or not. */
    static boolean addReceive(SoftCompletionQueue queue, boolean solicited) {
        return queue.add(1, WorkCompletionStatus.SUCCESS, CompletedOperation.RECEIVE, 2, 64, solicited, false, 0, null);
    }

    /** Adds a flushed request. */
    static boolean addFlushed(SoftCompletionQueue queue) {
        return queue.add(1, WorkCompletionStatus.FLUSHED, CompletedOperation.SEND, 2, 0, false, false, 0, CAUSE);
    }

    /** Polls all there is and returns the ids. */
    static List<Long> ids(SoftCompletionQueue queue) {
        List<Long> ids = new ArrayList<>();
        queue.poll(Integer.MAX_VALUE, completion -> ids.add(completion.id()));
        return ids;
    }

    /** Polls all there is. */
    static List<WorkCompletion> all(SoftCompletionQueue queue) {
        List<WorkCompletion> all = new ArrayList<>();
        queue.poll(Integer.MAX_VALUE, completion -> all.add(completion.copy()));
        return all;
    }
}
