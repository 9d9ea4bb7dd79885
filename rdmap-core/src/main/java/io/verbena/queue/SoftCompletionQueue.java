package io.verbena.queue;

import io.verbena.transport.EventLoop;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionHandler;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.Notify;
import io.verbena.verbs.WorkCompletionStatus;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A completion queue of the adapter. Engines add, applications poll, arm and resize; several of each at a time.
 *
 * <p>Thread rule: any thread. Adding, polling and arming do not block and do not allocate.
 */
public final class SoftCompletionQueue implements CompletionQueue {
    private final int number;
    private final int maxCapacity;
    private final SoftCompletionChannel channel;
    private final Progress progress;
    private final CompletionQueueOwner owner;
    private final CompletionQueueRing ring;
    private final Users users;
    private final AtomicBoolean overflowTold = new AtomicBoolean();

    /** A cursor at rest for {@link #poll}; a second thread that polls meanwhile makes itself another. */
    private final AtomicReference<SoftCompletionCursor> spareCursor = new AtomicReference<>();

    private volatile boolean closed;

    /** Whether an event of this queue waits on the channel; under the channel's lock. */
    private boolean eventPending;

    /**
     * Makes a queue.
     *
     * @param number its number on the device
     * @param capacity completions that fit, 1 to {@code maxCapacity}
     * @param maxCapacity the device's limit, for {@link #resize} too
     * @param channel gets its events, or null
     * @param progress drives a caller-driven device, or null
     * @param owner learns of overflow and closing
     */
    public SoftCompletionQueue(
            int number,
            int capacity,
            int maxCapacity,
            SoftCompletionChannel channel,
            Progress progress,
            CompletionQueueOwner owner) {
        this.number = number;
        this.maxCapacity = maxCapacity;
        this.channel = channel;
        this.progress = progress;
        this.owner = owner;
        requireCapacity(capacity);
        ring = new CompletionQueueRing(capacity);
        users = new Users(this.toString());
        if (channel != null) {
            channel.attach(this.toString());
        }
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public int capacity() {
        return ring.capacity();
    }

    @Override
    public int size() {
        return ring.size();
    }

    @Override
    public CompletionCursor cursor() {
        return new SoftCompletionCursor(this);
    }

    /**
     * Adds a completion. Additions of one thread are polled in their order.
     *
     * @param cause why it failed or was flushed, or null on success
     * @return false if the queue was full; nothing was stored (VRB-CQ-04)
     */
    public boolean add(
            long id,
            WorkCompletionStatus status,
            CompletedOperation operation,
            int queuePairNumber,
            long lengthOctets,
            boolean solicited,
            boolean invalidated,
            int invalidatedStag,
            FailureCause cause) {
        return addReceive(
                id,
                status,
                operation,
                queuePairNumber,
                lengthOctets,
                solicited,
                invalidated,
                invalidatedStag,
                cause,
                null,
                0,
                false);
    }

    /**
     * Adds a completion as {@link #add} does, of a receive that {@code holder} has drawn from a shared receive queue.
     *
     * @param holder hears when the completion is consumed; null if it is of no shared receive queue
     * @param handle names the receive to the holder
     * @param moreFollows whether the message goes on in the next receive
     * @return false if the queue was full; nothing was stored, and the receive is still held
     */
    public boolean addReceive(
            long id,
            WorkCompletionStatus status,
            CompletedOperation operation,
            int queuePairNumber,
            long lengthOctets,
            boolean solicited,
            boolean invalidated,
            int invalidatedStag,
            FailureCause cause,
            ReceiveAccount holder,
            long handle,
            boolean moreFollows) {
        return told(ring.add(
                id,
                status,
                operation,
                queuePairNumber,
                lengthOctets,
                solicited,
                invalidated,
                invalidatedStag,
                false,
                cause,
                holder,
                handle,
                moreFollows));
    }

    /**
     * Adds the completion of a receive that was used up by Immediate Data.
     *
     * @param holder as in {@link #addReceive}
     * @param handle as in {@link #addReceive}
     * @return false if the queue was full; nothing was stored
     */
    public boolean addImmediate(
            long id, int queuePairNumber, long immediateData, boolean solicited, ReceiveAccount holder, long handle) {
        return told(ring.add(
                id,
                WorkCompletionStatus.SUCCESS,
                CompletedOperation.RECEIVE,
                queuePairNumber,
                immediateData,
                solicited,
                false,
                0,
                true,
                null,
                holder,
                handle,
                false));
    }

    private boolean told(CompletionQueueRing.Added added) {
        return switch (added) {
            case QUIETLY -> true;
            case WITH_EVENT -> {
                channel.signal(this);
                yield true;
            }
            case REFUSED -> {
                if (overflowTold.compareAndSet(false, true)) {
                    owner.onOverflow(this);
                }
                yield false;
            }
        };
    }

    @Override
    public int poll(int max, CompletionHandler handler) {
        SoftCompletionCursor cursor = spareCursor.getAndSet(null);
        if (cursor == null) {
            cursor = new SoftCompletionCursor(this);
        }
        int given = 0;
        try {
            // Only a poll that finds nothing at all drives; the end of a full queue is no reason to.
            while (given < max && (given == 0 ? take(cursor) : ring.take(cursor))) {
                given++;
                handler.onCompletion(cursor);
            }
        } finally {
            spareCursor.lazySet(cursor);
        }
        return given;
    }

    /** Takes the next completion into {@code cursor}, letting a caller-driven device progress if there is none. */
    boolean take(SoftCompletionCursor cursor) {
        requireOpen();
        if (ring.take(cursor)) {
            return true;
        }
        if (progress == null) {
            return false;
        }
        progress.drive(0);
        return ring.take(cursor);
    }

    @Override
    public void arm(Notify what) {
        requireOpen();
        if (channel == null) {
            throw new IllegalStateException(this + " was created without a channel");
        }
        ring.arm(what);
    }

    @Override
    public void resize(int capacity) {
        requireOpen();
        requireCapacity(capacity);
        if (!ring.resize(capacity)) {
            throw new IllegalArgumentException("capacity " + capacity + " is below what " + this + " holds now");
        }
    }

    /** Counts a user, named as it should appear when closing is refused: {@code send queue of queue pair 5}. */
    public void attach(String user) {
        users.attach(user);
    }

    /** Takes back {@link #attach}. */
    public void detach(String user) {
        users.detach(user);
    }

    /** A queue pair that completes into this queue has begun to work on {@code loop}. */
    public void fedBy(EventLoop loop) {
        if (channel != null) {
            channel.fedBy(loop);
        }
    }

    /** Takes back {@link #fedBy}. */
    public void noLongerFedBy(EventLoop loop) {
        if (channel != null) {
            channel.noLongerFedBy(loop);
        }
    }

    /** Removes the completions of a destroyed queue pair. */
    public void forget(int queuePairNumber) {
        ring.forget(queuePairNumber);
    }

    @Override
    public void close() {
        if (users.close()) {
            closed = true;
            if (channel != null) {
                channel.detach(this);
            }
            owner.onClosed(this);
        }
    }

    boolean eventPending() {
        return eventPending;
    }

    void eventPending(boolean yes) {
        eventPending = yes;
    }

    @Override
    public String toString() {
        return "completion queue " + number;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(this + " is closed");
        }
    }

    private void requireCapacity(int capacity) {
        if (capacity < 1 || capacity > maxCapacity) {
            throw new IllegalArgumentException("capacity " + capacity + " must be 1 to " + maxCapacity);
        }
    }
}
