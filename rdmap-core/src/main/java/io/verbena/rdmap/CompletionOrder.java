package io.verbena.rdmap;

import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletionStatus;

/**
 * Hands out the completions of a send queue in the order of posting, however the operations finish (RFC 5040 section 5.5: a
 * short Send behind a long Read is on the wire early, but completes after it).
 *
 * <p>Every request that the engine takes into service {@link #begin begins} here and gets a position; when its operation is
 * finished it is {@link #done} there; {@link #drain} gives out what is done at the head. A slot of the send queue may be
 * free and used again while its completion still waits here, so there is room for more requests than the queue has slots;
 * without {@link #room} the engine takes nothing into service.
 *
 * <p>Unsignaled requests take their place in the order; when they succeed no completion queue shows them, while listeners
 * learn of them like of any other. A failed or flushed one is shown all the same.
 *
 * <p>Thread rule: the loop that owns the queue pair.
 */
public final class CompletionOrder {
    /** Takes completions in order. */
    @FunctionalInterface
    public interface Sink {
        /**
         * One request has ended.
         *
         * @param shown whether a completion queue is to show it: it failed, was flushed, or is signaled
         */
        void onComplete(
                long id,
                CompletedOperation operation,
                WorkCompletionStatus status,
                boolean shown,
                long lengthOctets,
                FailureCause cause);
    }

    private static final int FIRST_PLACES = 16;

    private static final int STATUS_MASK = 0xFF;
    private static final int OPERATION_SHIFT = 8;
    private static final int OPERATION_MASK = 0xF;
    private static final int SIGNALED = 1 << 12;
    private static final int DONE = 1 << 13;
    private static final int CONTAINED = 1 << 14;

    private static final WorkCompletionStatus[] STATUSES = WorkCompletionStatus.values();
    private static final CompletedOperation[] OPERATIONS = CompletedOperation.values();

    private final int capacity;

    // Rings of equal length, a power of two; they grow up to the capacity, so an idle queue pair stays small.
    private long[] ids = new long[FIRST_PLACES];
    private int[] lengths = new int[FIRST_PLACES];
    private short[] facts = new short[FIRST_PLACES];

    /** Causes by place; made when the first request fails. */
    private FailureCause[] causes;

    private int head;
    private int tail;

    /** Whether a request was given out whose failure ends the stream, so that nothing behind it may succeed any more. */
    private boolean failed;

    /**
     * Makes an empty order.
     *
     * @param sendDepth slots of the send queue; twice as many requests fit here
     */
    public CompletionOrder(int sendDepth) {
        this(sendDepth, 0);
    }

    /** Begins counting at {@code firstPosition}, so that tests see counters wrap. */
    CompletionOrder(int sendDepth, int firstPosition) {
        capacity = Math.multiplyExact(2, sendDepth);
        head = firstPosition;
        tail = firstPosition;
    }

    /** Returns how many more requests may begin. */
    public int room() {
        return capacity - size();
    }

    /** Returns how many requests have begun and were not given out. */
    public int size() {
        return tail - head;
    }

    /**
     * Takes the next request of the send queue into the order.
     *
     * @return its position, for {@link #done}
     * @throws IllegalStateException if there is no room
     */
    public int begin(long id, CompletedOperation operation, boolean signaled) {
        int size = size();
        if (size == capacity) {
            throw new IllegalStateException("all " + capacity + " places of the completion order are taken");
        }
        if (size == ids.length) {
            grow();
        }
        int place = place(tail);
        ids[place] = id;
        facts[place] = (short) (operation.ordinal() << OPERATION_SHIFT | (signaled ? SIGNALED : 0));
        return tail++;
    }

    /**
     * Notes how the request at {@code position} ended; {@link #drain} gives it out when its turn has come.
     *
     * @param lengthOctets octets read, 0 to 2^32 - 1; 0 for what is no Read
     * @param cause why it failed, or null on success
     */
    public void done(int position, WorkCompletionStatus status, long lengthOctets, FailureCause cause) {
        done(position, status, 0, lengthOctets, cause);
    }

    /**
     * Notes that the request at {@code position} failed, or was flushed, without an end of the stream: requests behind it may
     * succeed (SYS-MEM-06).
     */
    public void contained(int position, WorkCompletionStatus status, FailureCause cause) {
        done(position, status, CONTAINED, 0, cause);
    }

    private void done(int position, WorkCompletionStatus status, int fact, long lengthOctets, FailureCause cause) {
        int place = place(position);
        assert position - head >= 0 && tail - position > 0 : "position " + position + " is not in the order";
        assert (facts[place] & DONE) == 0 : "position " + position + " is done twice";
        facts[place] |= (short) (DONE | fact | status.ordinal());
        lengths[place] = (int) lengthOctets;
        if (cause != null) {
            if (causes == null) {
                causes = new FailureCause[ids.length];
            }
            causes[place] = cause;
        }
    }

    /**
     * Ends as flushed because of {@code cause} everything that is not done, and all behind it or behind a failed request:
     * what may have been sent behind a request that failed is of unknown fate at the peer (RFC 5040 section 6.2.1).
     */
    public void flushRest(FailureCause cause) {
        boolean stopped = failed;
        for (int position = head; position != tail; position++) {
            int place = place(position);
            boolean done = (facts[place] & DONE) != 0;
            boolean succeeded = done && status(facts[place]) == WorkCompletionStatus.SUCCESS;
            if (!done || (stopped && succeeded)) {
                facts[place] &= (short) ~(DONE | STATUS_MASK);
                done(position, WorkCompletionStatus.FLUSHED, 0, cause);
            }
            stopped |= !succeeded && (facts[place] & CONTAINED) == 0;
        }
        failed = false;
    }

    /** Gives out what is done at the head of the order, and frees its places; behind a failed request only the flushed. */
    public void drain(Sink sink) {
        while (head != tail) {
            int place = place(head);
            int fact = facts[place];
            WorkCompletionStatus status = status(fact);
            if ((fact & DONE) == 0 || (failed && status == WorkCompletionStatus.SUCCESS)) {
                return;
            }
            failed |= status != WorkCompletionStatus.SUCCESS
                    && status != WorkCompletionStatus.FLUSHED
                    && (fact & CONTAINED) == 0;
            FailureCause cause = null;
            if (causes != null) {
                cause = causes[place];
                causes[place] = null;
            }
            head++;
            // The place is free already: the sink may begin another request.
            sink.onComplete(
                    ids[place],
                    OPERATIONS[fact >> OPERATION_SHIFT & OPERATION_MASK],
                    status,
                    (fact & SIGNALED) != 0 || status != WorkCompletionStatus.SUCCESS,
                    Integer.toUnsignedLong(lengths[place]),
                    cause);
        }
        // Nothing is left behind the failed request; what begins next is of another connection.
        failed = false;
    }

    private static WorkCompletionStatus status(int fact) {
        return STATUSES[fact & STATUS_MASK];
    }

    private void grow() {
        int places = ids.length;
        long[] olderIds = ids;
        int[] olderLengths = lengths;
        short[] olderFacts = facts;
        FailureCause[] olderCauses = causes;
        ids = new long[2 * places];
        lengths = new int[2 * places];
        facts = new short[2 * places];
        causes = olderCauses == null ? null : new FailureCause[2 * places];
        for (int position = head; position != tail; position++) {
            int older = position & places - 1;
            int place = place(position);
            ids[place] = olderIds[older];
            lengths[place] = olderLengths[older];
            facts[place] = olderFacts[older];
            if (olderCauses != null) {
                causes[place] = olderCauses[older];
            }
        }
    }

    private int place(int position) {
        return position & ids.length - 1;
    }
}
