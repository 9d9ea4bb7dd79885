package io.verbena.queue;

import io.verbena.verbs.PostResult;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendOperation;
import io.verbena.verbs.WorkQueueSnapshot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A receive queue: slots with indicators like those of {@link SendQueue}. Messages use receives in the order of posting
 * (VRB-PR-02); a slot is free again when its receive is done.
 *
 * <p>It has the same registers, but posting writes to none but the counter: a receive waits for a message, and no engine has
 * to be told.
 *
 * <p>Thread rule: {@link #post}, {@link #posted}, {@link #busy} and {@link #snapshot} from any thread; all else on the loop that owns the queue
 * pair. What the accessors of a slot return holds from {@link #take()} until {@link #done(int)}.
 */
public final class ReceiveQueue implements ReceiveSource {
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final SlotIndicators indicators;
    private final ServiceOrder order;
    private final ServiceRegister register;
    private final ElementSlots elements;
    private final long[] ids;
    private volatile boolean awaited;

    /**
     * Makes a queue.
     *
     * @param depth slots, above 0
     * @param maxElements scatter-gather elements of a receive, above 0
     */
    public ReceiveQueue(int depth, int maxElements) {
        if (depth < 1) {
            throw new IllegalArgumentException("depth " + depth + " must be above 0");
        }
        indicators = new SlotIndicators(depth);
        order = new ServiceOrder(depth);
        register = new ServiceRegister(indicators);
        elements = new ElementSlots(depth, maxElements);
        ids = new long[depth];
    }

    /** Returns the number of slots. Any thread. */
    public int depth() {
        return indicators.depth();
    }

    /**
     * Copies a receive into a free slot. Any thread.
     *
     * @param borrowed the request, the caller's again at return
     * @return {@link PostResult#POSTED}, or {@link PostResult#QUEUE_FULL} without a trace (SYS-WQ-06)
     * @throws IllegalArgumentException if it has more elements than a slot holds
     */
    public PostResult post(ReceiveRequest borrowed) {
        elements.requireRoom(borrowed.memory());
        int slot = indicators.claim();
        if (slot < 0) {
            return PostResult.QUEUE_FULL;
        }
        boolean filled = false;
        try {
            ids[slot] = borrowed.id();
            elements.store(slot, borrowed.memory());
            filled = true;
        } finally {
            if (!filled) {
                indicators.releaseClaim(slot);
            }
        }
        indicators.releaseOccupy(slot);
        order.append(slot);
        return PostResult.POSTED;
    }

    /** Takes the next receive in posting order and returns its slot, or -1 if none is posted. */
    @Override
    public int take() {
        int slot = order.take();
        if (slot >= 0) {
            register.write(slot, indicators.serve(slot));
        }
        return slot;
    }

    /**
     * Takes the next receive, or notes that the engine waits for one.
     *
     * <p>The engine writes the note and then looks once more; who posts appends and then looks for the note, each with a fence
     * between. So either this finds the receive, or the poster finds the note and rings.
     */
    @Override
    public int takeOrWait() {
        int slot = take();
        if (slot < 0) {
            awaited = true;
            VarHandle.fullFence();
            slot = take();
        }
        if (slot < 0) {
            return WAIT;
        }
        stopWaiting();
        return slot;
    }

    @Override
    public void stopWaiting() {
        awaited = false;
    }

    /** Returns whether the engine waits for a receive, and has to be told of one that was just posted. Any thread. */
    public boolean awaited() {
        VarHandle.fullFence();
        return awaited;
    }

    /**
     * Returns the slot of the receive behind the next {@code before} ones, which stays on the queue, or -1 if so many are not
     * posted. What its accessors return holds until it is taken and {@link #done(int)}.
     */
    @Override
    public int peek(int before) {
        return order.peek(before);
    }

    /** Frees a slot whose receive is done; its content may be overwritten at once. */
    public void done(int slot) {
        indicators.releaseFree(slot);
    }

    /** Returns how many receives wait for a message. Any thread; a snapshot. */
    public int posted() {
        return order.waiting();
    }

    /** Returns how many receives are on the queue, waiting or taken. Any thread; a snapshot. */
    @Override
    public int busy() {
        return indicators.busyCount();
    }

    /** Returns the registers and every slot, as part of the queue pair of this number. Any thread; allocates. */
    public WorkQueueSnapshot snapshot(int queuePairNumber) {
        WorkQueueReader.Requests requests = new WorkQueueReader.Requests() {
            @Override
            public long id(int slot) {
                return (long) WORD.getOpaque(ids, slot);
            }

            @Override
            public SendOperation operation(int slot) {
                return null;
            }
        };
        return new WorkQueueReader(register, order, indicators, requests)
                .read(WorkQueueSnapshot.Kind.RECEIVE, queuePairNumber);
    }

    /** Returns the id that the application gave. */
    @Override
    public long id(int slot) {
        return ids[slot];
    }

    /** Returns the number of scatter-gather elements. */
    @Override
    public int elementCount(int slot) {
        return elements.count(slot);
    }

    /** Returns the STag of element {@code i}. */
    @Override
    public int stag(int slot, int i) {
        return elements.stag(slot, i);
    }

    /** Returns the address of element {@code i}. */
    @Override
    public long address(int slot, int i) {
        return elements.address(slot, i);
    }

    /** Returns the length of element {@code i} in octets. */
    @Override
    public long lengthOctets(int slot, int i) {
        return elements.lengthOctets(slot, i);
    }

    /** Returns the octets that fit: the sum of the elements. */
    @Override
    public long totalOctets(int slot) {
        return elements.totalOctets(slot);
    }
}
