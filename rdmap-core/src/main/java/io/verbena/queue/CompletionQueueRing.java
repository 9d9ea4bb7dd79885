package io.verbena.queue;

import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.Notify;
import io.verbena.verbs.WorkCompletionStatus;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The storage of a completion queue: a ring that several loops fill and several threads empty, first in first out.
 *
 * <p>Why two spin locks and no lock-free ring: the usual queue has one loop and one polling thread, who then never meet (one
 * lock at each end, one atomic operation each), and with both locks held the rare operations are plain code: resizing keeps
 * order and loses nothing (VRB-CQ-03), the completions of a destroyed queue pair are picked out, and arming falls either
 * before or after an addition, never into it. What is done under a lock is a copy of eight fields; callbacks run outside.
 *
 * <p>A full ring refuses, it never overwrites (VRB-CQ-04).
 *
 * <p>Thread rule: any thread. Lock order: producers, then consumers.
 */
final class CompletionQueueRing {
    /** What became of an addition. */
    enum Added {
        /** The ring was full; nothing was stored. */
        REFUSED,
        /** Stored. */
        QUIETLY,
        /** Stored, and the ring was armed for it: the caller now owes one event. */
        WITH_EVENT
    }

    private static final VarHandle HEAD;
    private static final VarHandle TAIL;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD = lookup.findVarHandle(CompletionQueueRing.class, "head", long.class);
            TAIL = lookup.findVarHandle(CompletionQueueRing.class, "tail", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SpinLock producers = new SpinLock();
    private final SpinLock consumers = new SpinLock();

    /** Replaced only under both locks, so either lock is enough to use it. */
    private CompletionSlots slots;

    private volatile int capacity;
    /** Written under {@code producers}. */
    private long tail;
    /** Written under {@code consumers}. */
    private long head;
    /** What the ring is armed for, or null; under {@code producers}. */
    private Notify armed;

    CompletionQueueRing(int capacity) {
        this.capacity = capacity;
        slots = new CompletionSlots(capacity);
    }

    int capacity() {
        return capacity;
    }

    int size() {
        // Head first: tail never falls behind a head that was read before it. More may be added in between.
        long first = (long) HEAD.getVolatile(this);
        return (int) Math.min((long) TAIL.getVolatile(this) - first, capacity);
    }

    Added add(
            long id,
            WorkCompletionStatus status,
            CompletedOperation operation,
            int queuePairNumber,
            long lengthOctets,
            boolean solicited,
            boolean invalidated,
            int invalidatedStag,
            boolean immediate,
            FailureCause cause,
            ReceiveAccount holder,
            long handle,
            boolean moreFollows) {
        producers.lock();
        try {
            long position = tail;
            if (position - (long) HEAD.getAcquire(this) >= capacity) {
                return Added.REFUSED;
            }
            slots.store(
                    position,
                    id,
                    status,
                    operation,
                    queuePairNumber,
                    lengthOctets,
                    solicited,
                    invalidated,
                    invalidatedStag,
                    immediate,
                    cause,
                    holder,
                    handle,
                    moreFollows);
            TAIL.setVolatile(this, position + 1);
            if (armed == null || (armed == Notify.SOLICITED && !countsAsSolicited(status, operation, solicited))) {
                return Added.QUIETLY;
            }
            armed = null;
            return Added.WITH_EVENT;
        } finally {
            producers.unlock();
        }
    }

    /**
     * Arms for one event (VRB-CQ-07). An addition that has not stored its completion by now sees it; the completion of any
     * other is visible to a poll after this call (VRB-CQ-10).
     */
    void arm(Notify what) {
        producers.lock();
        if (armed != Notify.NEXT) {
            armed = what;
        }
        producers.unlock();
    }

    /** Takes the oldest completion into {@code cursor}; false if there is none. */
    boolean take(SoftCompletionCursor cursor) {
        if ((long) HEAD.getOpaque(this) == (long) TAIL.getVolatile(this)) {
            return false;
        }
        consumers.lock();
        try {
            long position = head;
            if (position == (long) TAIL.getAcquire(this)) {
                return false;
            }
            slots.load(position, cursor);
            HEAD.setRelease(this, position + 1);
        } finally {
            consumers.unlock();
        }
        cursor.giveBack();
        return true;
    }

    /**
     * Changes the capacity.
     *
     * @return false, with nothing changed, if more completions wait than would fit
     */
    boolean resize(int newCapacity) {
        CompletionSlots larger = new CompletionSlots(newCapacity);
        lockBoth();
        try {
            if (tail - head > newCapacity) {
                return false;
            }
            for (long position = head; position != tail; position++) {
                larger.copy(position, slots, position);
            }
            slots = larger;
            capacity = newCapacity;
            return true;
        } finally {
            unlockBoth();
        }
    }

    /** Removes the completions of a queue pair; the others keep their order. */
    void forget(int queuePairNumber) {
        lockBoth();
        try {
            long kept = head;
            for (long position = head; position != tail; position++) {
                if (slots.queuePairNumber(position) != queuePairNumber) {
                    if (kept != position) {
                        slots.copy(kept, slots, position);
                    }
                    kept++;
                }
            }
            for (long position = kept; position != tail; position++) {
                slots.clear(position);
            }
            TAIL.setVolatile(this, kept);
        } finally {
            unlockBoth();
        }
    }

    /** VRB-CQ-09: a receive of a message with Solicited Event, or any error. */
    private static boolean countsAsSolicited(
            WorkCompletionStatus status, CompletedOperation operation, boolean solicited) {
        return status != WorkCompletionStatus.SUCCESS || (solicited && operation == CompletedOperation.RECEIVE);
    }

    private void lockBoth() {
        producers.lock();
        consumers.lock();
    }

    private void unlockBoth() {
        consumers.unlock();
        producers.unlock();
    }
}
