package io.verbena.queue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * In which order posted slots are serviced: a ring of slot numbers, kept apart from the numbers themselves because slots
 * become free in any order. Several threads append, the owning loop alone takes.
 *
 * <p>An appending thread draws a position and then writes its slot number there with release, which is what hands the
 * slot's content over. Between the two the position reads as empty and the loop stops in front of it; the thread that
 * leaves such a gap rings the doorbell after filling it, so the loop comes back.
 *
 * <p>Why no entry is ever overwritten: a ring has at least as many places as the queue has slots. Of the positions
 * {@code p} to {@code p + places} two must then have used the same slot, so that slot was freed in between; the loop frees a
 * slot only after taking it and takes in order, so position {@code p} had been taken and emptied. The freeing, the claim of
 * that slot and the drawing of later positions follow one another with release and acquire, so the thread at
 * {@code p + places} also sees it empty. Positions are counters that wrap; only their difference and their low bits are used.
 */
final class ServiceOrder {
    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle TAIL;
    private static final VarHandle HEAD;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAIL = lookup.findVarHandle(ServiceOrder.class, "tail", int.class);
            HEAD = lookup.findVarHandle(ServiceOrder.class, "head", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Slot number plus one; 0 is an empty place. */
    private final int[] entries;

    private final int mask;

    @SuppressWarnings("UnusedVariable") // its readers go through TAIL
    private int tail;

    private int head;

    ServiceOrder(int depth) {
        this(depth, 0);
    }

    /** Begins counting at {@code firstPosition}, so that tests see counters wrap. */
    ServiceOrder(int depth, int firstPosition) {
        int places = depth == 1 ? 1 : Integer.highestOneBit(depth - 1) << 1;
        entries = new int[places];
        mask = places - 1;
        tail = firstPosition;
        head = firstPosition;
    }

    /** Appends a slot and hands its content over to the loop. Any thread. */
    void append(int slot) {
        int position = (int) TAIL.getAndAdd(this, 1);
        ENTRY.setRelease(entries, position & mask, slot + 1);
    }

    /** Returns the next slot without taking it, or -1. Owning loop. */
    int peek() {
        return (int) ENTRY.getAcquire(entries, head & mask) - 1;
    }

    /** Returns the slot behind the next {@code before} ones without taking it, or -1 if none is there yet. Owning loop. */
    int peek(int before) {
        return before < 0 || before > mask ? -1 : (int) ENTRY.getAcquire(entries, (head + before) & mask) - 1;
    }

    /** Takes the next slot, or returns -1. Owning loop. */
    int take() {
        int place = head & mask;
        int slot = (int) ENTRY.getAcquire(entries, place) - 1;
        if (slot >= 0) {
            entries[place] = 0;
            HEAD.setOpaque(this, head + 1);
        }
        return slot;
    }

    /** Returns how many slots were ever appended, counting round 2^32. Any thread. */
    int appended() {
        return (int) TAIL.getVolatile(this);
    }

    /** Returns how many slots were ever taken, counting round 2^32. Any thread. */
    int taken() {
        return (int) HEAD.getVolatile(this);
    }

    /** Returns how many slots wait. Any thread; exact on the owning loop when nobody posts. */
    int waiting() {
        // Head first: tail never falls behind a head that was read before it.
        int first = taken();
        return appended() - first;
    }
}
