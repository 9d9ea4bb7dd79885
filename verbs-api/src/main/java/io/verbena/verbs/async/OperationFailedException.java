package io.verbena.verbs.async;

import io.verbena.verbs.FailureCause;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.io.IOException;

/** An operation completed with another status than success, or could not be posted; the message says why in a sentence. */
public class OperationFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient WorkCompletion completion;

    OperationFailedException(Object operation, WorkCompletion completion) {
        super(message(operation, completion), exceptionBelow(completion));
        this.completion = completion;
    }

    /** Returns the completion. */
    public WorkCompletion completion() {
        return completion;
    }

    /** Returns its status. */
    public WorkCompletionStatus status() {
        return completion.status();
    }

    /** Returns why it failed or was flushed; null only if the queue pair gave no reason. */
    public FailureCause failureCause() {
        return completion.cause();
    }

    private static String message(Object operation, WorkCompletion completion) {
        String ending = completion.status() == WorkCompletionStatus.FLUSHED
                ? " was flushed"
                : " failed with " + completion.status();
        return operation
                + ending
                + (completion.cause() == null ? "" : ": " + completion.cause().message());
    }

    private static Throwable exceptionBelow(WorkCompletion completion) {
        return completion.cause() == null ? null : completion.cause().root().exception();
    }
}
