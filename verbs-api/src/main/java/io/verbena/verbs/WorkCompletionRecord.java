package io.verbena.verbs;

/** A completion that stays as it is. */
record WorkCompletionRecord(
        long id,
        WorkCompletionStatus status,
        CompletedOperation operation,
        int queuePairNumber,
        long lengthOctets,
        boolean solicited,
        boolean invalidated,
        int invalidatedStag,
        boolean hasImmediate,
        long immediateData,
        long sharedReceive,
        boolean moreFollows,
        FailureCause cause)
        implements WorkCompletion {
    @Override
    public WorkCompletion copy() {
        return this;
    }
}
