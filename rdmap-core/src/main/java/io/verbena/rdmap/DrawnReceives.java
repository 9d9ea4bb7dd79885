package io.verbena.rdmap;

import io.verbena.queue.ReceiveSource;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletionStatus;

/**
 * The receives that the message under way has drawn, in their order: one, or several of a shared receive queue.
 *
 * <p>Each of them completes exactly once or goes back to its queue, all together. They complete one after the other without
 * another receive of the queue pair between them. The last one says what came of the message; the others say
 * {@link WorkCompletionStatus#SUCCESS} if it was delivered and {@link WorkCompletionStatus#FLUSHED} if it was not.
 *
 * <p>A completion can end the stream, because its completion queue is full, and the end flushes what is drawn: so a receive is
 * taken out of here before it is completed.
 *
 * <p>Thread rule: the stream's loop. Allocates nothing after construction.
 */
final class DrawnReceives {
    private final RdmapUser user;
    private final int[] slots;
    private int first;
    private int end;
    private boolean failing;

    /** Makes an empty place for {@code most} receives. */
    DrawnReceives(RdmapUser user, int most) {
        this.user = user;
        slots = new int[most];
    }

    /** Returns whether none is drawn. */
    boolean none() {
        return first == end;
    }

    /** Returns whether as many are drawn as a message may have. */
    boolean full() {
        return end == slots.length;
    }

    /** Returns the slot of the one that was drawn last. */
    int last() {
        return slots[end - 1];
    }

    /** Adds the receive in {@code slot}. */
    void add(int slot) {
        slots[end++] = slot;
    }

    /** Puts all back in front of those that wait, in their order; they are of a shared receive queue. */
    void putBack() {
        user.sharedReceives().putBack(slots, end);
        end = 0;
    }

    /** The message fails: until {@link #complete} says how, the end of the stream that this brings leaves the receives alone. */
    void failing() {
        failing = true;
    }

    /** Flushes what is drawn, because the stream has ended. */
    void flush(FailureCause cause) {
        if (!failing) {
            complete(WorkCompletionStatus.FLUSHED, 0, false, false, 0, cause);
        }
    }

    /** Completes all: the last one with these outcomes of the message, of {@code octets} octets. */
    void complete(
            WorkCompletionStatus status,
            long octets,
            boolean solicited,
            boolean invalidated,
            int invalidatedStag,
            FailureCause cause) {
        failing = false;
        long left = octets;
        while (end - first > 1) {
            int slot = slots[first++];
            if (status == WorkCompletionStatus.SUCCESS) {
                long part = source().totalOctets(slot);
                left -= part;
                user.completePart(slot, WorkCompletionStatus.SUCCESS, part, null);
            } else {
                user.completePart(slot, WorkCompletionStatus.FLUSHED, 0, cause);
            }
        }
        if (first < end) {
            user.completeReceive(take(), status, left, solicited, invalidated, invalidatedStag, cause);
        }
    }

    /** Takes the only one. */
    int take() {
        int slot = slots[first];
        first = 0;
        end = 0;
        return slot;
    }

    private ReceiveSource source() {
        return user.receiveQueue();
    }
}
