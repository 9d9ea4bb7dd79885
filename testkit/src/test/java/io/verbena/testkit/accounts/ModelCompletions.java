package io.verbena.testkit.accounts;

import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.util.ArrayDeque;
import java.util.Deque;

/** A completion queue, and what has to wait on it: what the engines of its queue pairs ended, in that order. */
final class ModelCompletions {
    /**
     * A completion that has to be polled.
     *
     * @param message what filled the receive, or null
     * @param receive the receive, or null for requests of the send queue
     * @param moreFollows whether another receive of the same message comes behind it
     */
    record Due(
            End end,
            CompletedOperation operation,
            WorkCompletionStatus status,
            long id,
            long octets,
            Message message,
            Receive receive,
            boolean moreFollows) {}

    final CompletionQueue queue;
    private final Deque<Due> due = new ArrayDeque<>();
    int capacity;

    ModelCompletions(CompletionQueue queue) {
        this.queue = queue;
        capacity = queue.capacity();
    }

    int size() {
        return due.size();
    }

    /** Returns whether there is room; a completion without is lost. */
    boolean add(Due next) {
        if (due.size() == capacity) {
            return false;
        }
        due.add(next);
        return true;
    }

    /** Polls up to {@code max}; each has to be the one whose turn it is. */
    int poll(int max) {
        return queue.poll(max, this::onCompletion);
    }

    private void onCompletion(WorkCompletion found) {
        Due next = due.poll();
        if (next == null) {
            throw new AssertionError(queue + " gave " + words(found) + ", the model has it empty");
        }
        boolean same = found.id() == next.id
                && found.status() == next.status
                && found.operation() == next.operation
                && found.queuePairNumber() == next.end.number()
                && found.moreFollows() == next.moreFollows
                && (found.cause() == null) == found.success()
                && (!found.success() || found.lengthOctets() == next.octets);
        if (!same) {
            throw new AssertionError(queue + " gave " + words(found) + ", the model has " + next);
        }
        if (found.success() && next.message != null) {
            next.end.requireDescribes(found, next.message);
        }
        next.end.consumed(next, found);
    }

    /** A queue pair was destroyed: its completions vanish. */
    void forget(End end) {
        for (Due each : due) {
            if (each.end == end && each.receive != null) {
                each.receive.free();
            }
        }
        due.removeIf(each -> each.end == end);
    }

    void check() {
        if (queue.size() != due.size() || queue.capacity() != capacity) {
            throw new AssertionError(queue + " holds " + queue.size() + " of " + queue.capacity() + ", the model "
                    + due.size() + " of " + capacity);
        }
    }

    private static String words(WorkCompletion one) {
        return one.operation() + " " + one.id() + " of queue pair " + one.queuePairNumber() + " with " + one.status()
                + ", length " + one.lengthOctets();
    }
}
