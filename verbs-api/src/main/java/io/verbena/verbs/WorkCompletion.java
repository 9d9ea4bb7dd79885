package io.verbena.verbs;

/**
 * The outcome of one request.
 *
 * <p>What {@link CompletionCursor} and {@link CompletionHandler} show is a view that changes with the next completion;
 * {@link #copy()} keeps one.
 */
public interface WorkCompletion {
    /** {@link #sharedReceive()} of what came from no shared receive queue. */
    long NO_SHARED_RECEIVE = -1;

    /** Returns the id that the application gave the request. */
    long id();

    /** Returns how it ended. */
    WorkCompletionStatus status();

    /** Returns whether it ended well. */
    default boolean success() {
        return status() == WorkCompletionStatus.SUCCESS;
    }

    /** Returns what kind of request it was. */
    CompletedOperation operation();

    /** Returns the number of the queue pair. */
    int queuePairNumber();

    /** Returns the octets received or read; 8 for atomic operations; 0 for what else is posted to the send queue, and for Immediate Data; undefined unless {@link #success()}. */
    long lengthOctets();

    /** Returns whether a receive was for a Send with Solicited Event. */
    boolean solicited();

    /** Returns whether a receive's message invalidated an STag here. */
    boolean invalidated();

    /** Returns the STag that was invalidated, if {@link #invalidated()}. */
    int invalidatedStag();

    /** Returns whether a receive was used up by Immediate Data (RFC 7306 section 6). */
    boolean hasImmediate();

    /** Returns the 8 octets of Immediate Data as a big-endian number, if {@link #hasImmediate()}. */
    long immediateData();

    /**
     * Returns the receive of a shared receive queue that this completes, for {@link SharedReceiveQueue#giveBack}, or
     * {@link #NO_SHARED_RECEIVE}.
     */
    default long sharedReceive() {
        return NO_SHARED_RECEIVE;
    }

    /**
     * Returns whether the message goes on in the receive of the next completion of this queue pair's receives: it was longer
     * than one receive ({@link SharedReceiveQueueOptions#receivesPerMessage()}).
     */
    default boolean moreFollows() {
        return false;
    }

    /** Returns why it failed or was flushed, or null on success. */
    FailureCause cause();

    /** Returns an immutable copy. */
    default WorkCompletion copy() {
        return new WorkCompletionRecord(
                id(),
                status(),
                operation(),
                queuePairNumber(),
                lengthOctets(),
                solicited(),
                invalidated(),
                invalidatedStag(),
                hasImmediate(),
                immediateData(),
                sharedReceive(),
                moreFollows(),
                cause());
    }
}
