package io.verbena.verbs.async;

import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;

/** The outcome of an operation for which no completion queue has one: the queue pair did not take it, or vanished. */
record UnpostedCompletion(long id, CompletedOperation operation, int queuePairNumber, FailureCause cause)
        implements WorkCompletion {
    @Override
    public WorkCompletionStatus status() {
        return WorkCompletionStatus.FLUSHED;
    }

    @Override
    public long lengthOctets() {
        return 0;
    }

    @Override
    public boolean solicited() {
        return false;
    }

    @Override
    public boolean invalidated() {
        return false;
    }

    @Override
    public int invalidatedStag() {
        return 0;
    }

    @Override
    public boolean hasImmediate() {
        return false;
    }

    @Override
    public long immediateData() {
        return 0;
    }

    @Override
    public WorkCompletion copy() {
        return this;
    }
}
