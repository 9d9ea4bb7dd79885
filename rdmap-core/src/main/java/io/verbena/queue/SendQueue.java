package io.verbena.queue;

import io.verbena.memory.StagingBuffer;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.PreparedAccess;
import io.verbena.verbs.SendOperation;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkQueueSnapshot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * A send queue: an array of slots made with the queue pair (SYS-WQ-01). Posting finds a slot whose indicator says free,
 * copies the request into it and appends the slot to the service order; the engine takes slots in that order and frees each
 * as soon as it needs nothing of it any more, signaled or not, in any order (SYS-WQ-03).
 *
 * <p>Posting does not wake the engine: after one or several posts ring the {@link Doorbell}.
 *
 * <p>The registers of SYS-WQ-04: the first, {@link #requestInService()}, names the request that was taken last, and posting
 * writes its own request there when it finds the engine idle; {@link #inService()} says whether that request is not done;
 * {@link #waiting()} counts what was posted and not taken. An idle engine finds the next request by them and never scans
 * the array. {@link #snapshot} shows them with every slot.
 *
 * <p>Thread rule: {@link #post}, the registers and the snapshot from any thread; all else on the loop that owns the queue
 * pair, but for {@link #done}, which may be called by one other thread that the loop hands slots to. What the accessors of a
 * slot return holds from {@link #next()} (or {@link #peek()}) until {@link #done(int)}.
 */
public final class SendQueue {
    private static final int WORDS = 3;
    private static final int ID = 0;
    private static final int REMOTE_ADDRESS = 1;
    /** STag in the upper half (a request names at most one at the peer), the rest in the lower. */
    private static final int STAG_AND_CONTROL = 2;

    private static final int OPERATION_MASK = 0xFF;
    private static final int SIGNALED = 1 << 8;
    private static final int READ_FENCE = 1 << 9;
    private static final int INLINE = 1 << 10;
    private static final int LOCAL_FENCE = 1 << 11;
    private static final int PLAIN = 1 << 12;

    private static final int WRITE = SendOperation.WRITE.ordinal();

    private static final SendOperation[] OPERATIONS = SendOperation.values();

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle FINISHED;

    static {
        try {
            FINISHED = MethodHandles.lookup().findVarHandle(SendQueue.class, "finished", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final SlotIndicators indicators;
    private final ServiceOrder order;
    private final ServiceRegister register;
    private final ElementSlots elements;
    private final InlineSlots inline;
    private final RequestExtras extras;
    private final long[] words;

    /** How many requests were ever taken; owning loop. */
    private int taken;

    /** How many of them were ever done; written by the thread that completes. */
    private int finished;

    /**
     * Makes a queue without a device, which has memory for all the inline octets that it can hold.
     *
     * @param depth slots, above 0
     * @param maxElements scatter-gather elements of a request, above 0
     * @param maxInlineOctets octets a request may carry inline, 0 or more
     */
    public SendQueue(int depth, int maxElements, int maxInlineOctets) {
        this(depth, maxElements, maxInlineOctets, InlineBuffers.alone(depth, maxInlineOctets));
    }

    /**
     * Makes a queue.
     *
     * @param depth slots, above 0
     * @param maxElements scatter-gather elements of a request, above 0
     * @param maxInlineOctets octets a request may carry inline, 0 or more
     * @param inlineBuffers where memory for inline octets comes from
     */
    public SendQueue(int depth, int maxElements, int maxInlineOctets, InlineBuffers inlineBuffers) {
        if (depth < 1) {
            throw new IllegalArgumentException("depth " + depth + " must be above 0");
        }
        indicators = new SlotIndicators(depth);
        order = new ServiceOrder(depth);
        register = new ServiceRegister(indicators);
        elements = new ElementSlots(depth, maxElements);
        inline = new InlineSlots(depth, maxInlineOctets, inlineBuffers);
        extras = new RequestExtras(depth);
        words = new long[WORDS * depth];
    }

    /** Returns the number of slots. Any thread. */
    public int depth() {
        return indicators.depth();
    }

    /**
     * Copies a request, its inline octets too, into a free slot. Does not ring. Any thread.
     *
     * <p>Whether the request makes sense is the caller's check; here only what would not fit into a slot is refused, before
     * a slot is claimed.
     *
     * @param borrowed the request, the caller's again at return
     * @return {@link PostResult#POSTED}; or without a trace (SYS-WQ-06) {@link PostResult#QUEUE_FULL}, or
     *     {@link PostResult#NO_BUFFER} if there is no memory for its inline octets now
     * @throws IllegalArgumentException if it has more elements or inline octets than a slot holds
     */
    public PostResult post(SendRequest borrowed) {
        ByteBuffer octets = borrowed.inlineData();
        if (octets == null) {
            elements.requireRoom(borrowed.memory());
        } else {
            inline.requireRoom(octets);
        }
        int slot = indicators.claim();
        if (slot < 0) {
            return PostResult.QUEUE_FULL;
        }
        boolean filled = false;
        try {
            filled = fill(slot, borrowed);
        } finally {
            if (!filled) {
                indicators.releaseClaim(slot);
            }
        }
        if (!filled) {
            return PostResult.NO_BUFFER;
        }
        int indicator = indicators.releaseOccupy(slot);
        if (!register.inService(register.value()) && order.waiting() == 0) {
            register.write(slot, indicator);
        }
        order.append(slot);
        return PostResult.POSTED;
    }

    /** Fills a claimed slot; false if there is no memory for inline octets. */
    private boolean fill(int slot, SendRequest borrowed) {
        ByteBuffer octets = borrowed.inlineData();
        if (octets != null && !inline.store(slot, octets)) {
            return false;
        }
        SendOperation operation = borrowed.operation();
        int control = operation.ordinal();
        if (borrowed.signaled()) {
            control |= SIGNALED;
        }
        if (borrowed.readFence()) {
            control |= READ_FENCE;
        }
        if (borrowed.localFence()) {
            control |= LOCAL_FENCE;
        }
        extras.store(slot, borrowed);
        if (octets == null) {
            elements.store(slot, borrowed.memory());
        } else {
            control |= INLINE;
            elements.storeNone(slot);
        }
        if (isPlain(borrowed, operation)) {
            control |= PLAIN;
        }
        int stag = operation.isSend() || operation == SendOperation.LOCAL_INVALIDATE
                ? borrowed.invalidateStag()
                : borrowed.remoteStag();
        int at = WORDS * slot;
        words[at + ID] = borrowed.id();
        words[at + REMOTE_ADDRESS] = borrowed.remoteAddress();
        words[at + STAG_AND_CONTROL] = (long) stag << 32 | control;
        return true;
    }

    private static boolean isPlain(SendRequest borrowed, SendOperation operation) {
        return (operation == SendOperation.WRITE || operation == SendOperation.SEND)
                && borrowed.inlineData() == null
                && borrowed.memory().count() == 1
                && borrowed.prepared() == null
                && !borrowed.readFence();
    }

    /** Returns the slot of the next request in posting order without taking it, or -1. */
    public int peek() {
        return order.peek();
    }

    /** Takes the next request in posting order into service and returns its slot, or -1 if none waits. */
    public int next() {
        int slot = order.take();
        if (slot >= 0) {
            register.write(slot, indicators.serve(slot));
            taken++;
        }
        return slot;
    }

    /**
     * Frees a slot whose request needs it no more; its content may be overwritten at once. The owning loop, or one thread to
     * which it has handed the slot.
     */
    public void done(int slot) {
        forget(slot);
        indicators.releaseFree(slot);
        FINISHED.setRelease(this, finished + 1);
    }

    /** Frees all slots whose requests are in service: the stream they were served for is gone. Nobody completes meanwhile. */
    public void releaseTaken() {
        for (int slot = 0; slot < depth(); slot++) {
            if (indicators.inService(slot)) {
                forget(slot);
            }
        }
        indicators.releaseServed();
        FINISHED.setRelease(this, taken);
    }

    private void forget(int slot) {
        extras.clear(slot);
        if (isInline(slot)) {
            inline.release(slot);
        }
    }

    /** Returns whether no request waits and none is in service: the send queue has drained. Owning loop. */
    public boolean idle() {
        return taken == (int) FINISHED.getAcquire(this) && order.waiting() == 0;
    }

    /** Returns how many requests are on the queue, waiting or in service. Any thread; a snapshot. */
    public int busy() {
        return indicators.busyCount();
    }

    /** Returns how many requests wait to be taken: the second register of SYS-WQ-04. Any thread; a snapshot. */
    public int waiting() {
        return order.waiting();
    }

    /**
     * Returns the slot of the request taken last, or of the one posted to an idle engine since; -1 before the first. The first
     * register of SYS-WQ-04. Any thread; a snapshot.
     */
    public int requestInService() {
        return ServiceRegister.slot(register.value());
    }

    /** Returns whether the request of {@link #requestInService()} is not done: the in-service bit. Any thread; a snapshot. */
    public boolean inService() {
        return register.inService(register.value());
    }

    /** Returns the registers and every slot, as part of the queue pair of this number. Any thread; allocates. */
    public WorkQueueSnapshot snapshot(int queuePairNumber) {
        WorkQueueReader.Requests requests = new WorkQueueReader.Requests() {
            @Override
            public long id(int slot) {
                return (long) WORD.getOpaque(words, WORDS * slot + ID);
            }

            @Override
            public SendOperation operation(int slot) {
                return OPERATIONS[(int) (long) WORD.getOpaque(words, WORDS * slot + STAG_AND_CONTROL) & OPERATION_MASK];
            }
        };
        return new WorkQueueReader(register, order, indicators, requests)
                .read(WorkQueueSnapshot.Kind.SEND, queuePairNumber);
    }

    /** Returns the id that the application gave. */
    public long id(int slot) {
        return words[WORDS * slot + ID];
    }

    /** Returns the operation. */
    public SendOperation operation(int slot) {
        return OPERATIONS[control(slot) & OPERATION_MASK];
    }

    /** Returns whether it is a Write or a Send of one piece of registered memory that waits for nothing and exposes nothing. */
    public boolean plain(int slot) {
        return (control(slot) & PLAIN) != 0;
    }

    /** Returns whether it is a Write. */
    public boolean isWrite(int slot) {
        return (control(slot) & OPERATION_MASK) == WRITE;
    }

    /** Returns whether the request itself asks for a completion on success. */
    public boolean signaled(int slot) {
        return (control(slot) & SIGNALED) != 0;
    }

    /** Returns whether it waits for earlier Reads. */
    public boolean readFence(int slot) {
        return (control(slot) & READ_FENCE) != 0;
    }

    /** Returns whether it waits for all earlier requests. */
    public boolean localFence(int slot) {
        return (control(slot) & LOCAL_FENCE) != 0;
    }

    /** Returns the memory that it makes accessible, or null. */
    public PreparedAccess prepared(int slot) {
        return extras.prepared(slot);
    }

    /** Returns the addend or replacement of an atomic operation, or the Immediate Data. */
    public long data(int slot) {
        return extras.data(slot);
    }

    /** Returns the mask that goes with {@link #data}, of an atomic operation. */
    public long dataMask(int slot) {
        return extras.dataMask(slot);
    }

    /** Returns what an atomic operation compares with. */
    public long compare(int slot) {
        return extras.compare(slot);
    }

    /** Returns the bits that an atomic operation compares. */
    public long compareMask(int slot) {
        return extras.compareMask(slot);
    }

    /** Returns the STag at the peer; for Writes, Reads and atomic operations. */
    public int remoteStag(int slot) {
        return (int) (words[WORDS * slot + STAG_AND_CONTROL] >> 32);
    }

    /** Returns the address at the peer; for Writes, Reads and atomic operations. */
    public long remoteAddress(int slot) {
        return words[WORDS * slot + REMOTE_ADDRESS];
    }

    /** Returns the STag that the peer, or a local invalidate, shall invalidate. */
    public int invalidateStag(int slot) {
        return remoteStag(slot);
    }

    /** Returns the number of scatter-gather elements, 0 for an inline request. */
    public int elementCount(int slot) {
        return elements.count(slot);
    }

    /** Returns the STag of element {@code i}. */
    public int stag(int slot, int i) {
        return elements.stag(slot, i);
    }

    /** Returns the address of element {@code i}. */
    public long address(int slot, int i) {
        return elements.address(slot, i);
    }

    /** Returns the length of element {@code i} in octets. */
    public long lengthOctets(int slot, int i) {
        return elements.lengthOctets(slot, i);
    }

    /** Returns the octets of the message: the sum of the elements, or the inline octets. */
    public long totalOctets(int slot) {
        return isInline(slot) ? inline.octets(slot) : elements.totalOctets(slot);
    }

    /** Returns whether the request carries its octets itself. */
    public boolean isInline(int slot) {
        return (control(slot) & INLINE) != 0;
    }

    /** Returns the number of inline octets. */
    public int inlineOctets(int slot) {
        return inline.octets(slot);
    }

    /**
     * Returns the buffer (lent until {@link #done(int)}) with the inline octets from {@link #inlineOffset(int)} on. Who moves
     * them asks it first.
     */
    public StagingBuffer inlineBuffer(int slot) {
        return inline.buffer(slot);
    }

    /** Returns the octets of {@link #inlineBuffer}. */
    public ByteBuffer inlineData(int slot) {
        return inline.buffer(slot).octets();
    }

    /** Returns where in {@link #inlineData(int)} the octets of the slot begin. */
    public int inlineOffset(int slot) {
        return inline.offset(slot);
    }

    private int control(int slot) {
        return (int) words[WORDS * slot + STAG_AND_CONTROL];
    }
}
