package io.verbena.queue;

import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletionStatus;

/** A cursor over a {@link SoftCompletionQueue}. Thread rule: one thread at a time. */
final class SoftCompletionCursor implements CompletionCursor {
    private final SoftCompletionQueue queue;

    private long id;
    private WorkCompletionStatus status;
    private CompletedOperation operation;
    private int queuePairNumber;
    private long lengthOctets;
    private boolean solicited;
    private boolean invalidated;
    private int invalidatedStag;
    private boolean hasImmediate;
    private long immediateData;
    private FailureCause cause;
    private ReceiveAccount holder;
    private long handle;
    private boolean moreFollows;

    SoftCompletionCursor(SoftCompletionQueue queue) {
        this.queue = queue;
    }

    @Override
    public boolean next() {
        return queue.take(this);
    }

    void show(
            long shownId,
            WorkCompletionStatus shownStatus,
            CompletedOperation shownOperation,
            int shownQueuePairNumber,
            long shownLengthOctets,
            boolean shownSolicited,
            boolean shownInvalidated,
            int shownInvalidatedStag,
            boolean shownImmediate,
            FailureCause shownCause,
            ReceiveAccount shownHolder,
            long shownHandle,
            boolean shownMoreFollows) {
        id = shownId;
        status = shownStatus;
        operation = shownOperation;
        queuePairNumber = shownQueuePairNumber;
        lengthOctets = shownImmediate ? 0 : shownLengthOctets;
        solicited = shownSolicited;
        invalidated = shownInvalidated;
        invalidatedStag = shownInvalidatedStag;
        hasImmediate = shownImmediate;
        immediateData = shownImmediate ? shownLengthOctets : 0;
        cause = shownCause;
        holder = shownHolder;
        handle = shownHandle;
        moreFollows = shownMoreFollows;
    }

    /** Tells who holds the receive, if it is of a shared receive queue, that its completion was consumed. */
    void giveBack() {
        if (holder != null) {
            holder.consumed(handle);
        }
    }

    @Override
    public boolean moreFollows() {
        return moreFollows;
    }

    @Override
    public long sharedReceive() {
        return holder == null ? NO_SHARED_RECEIVE : handle;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public WorkCompletionStatus status() {
        return status;
    }

    @Override
    public CompletedOperation operation() {
        return operation;
    }

    @Override
    public int queuePairNumber() {
        return queuePairNumber;
    }

    @Override
    public long lengthOctets() {
        return lengthOctets;
    }

    @Override
    public boolean solicited() {
        return solicited;
    }

    @Override
    public boolean invalidated() {
        return invalidated;
    }

    @Override
    public int invalidatedStag() {
        return invalidatedStag;
    }

    @Override
    public boolean hasImmediate() {
        return hasImmediate;
    }

    @Override
    public long immediateData() {
        return immediateData;
    }

    @Override
    public FailureCause cause() {
        return cause;
    }
}
