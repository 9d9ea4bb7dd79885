package io.verbena.verbs;

/**
 * Something that happened to a queue pair, completion queue, shared receive queue or device.
 *
 * <p>What the completion of a failed request tells is not told again by an event, with two exceptions: the Response to a Read
 * that cannot be placed here, and a Terminate of the peer that names a Read of this end. Then both come.
 *
 * @param kind what happened
 * @param queuePairNumber the queue pair, or -1 if none is meant
 * @param completionQueueNumber the completion queue, or -1 if none is meant
 * @param sharedReceiveQueueNumber the shared receive queue, or -1 if none is meant
 * @param cause the reason, or null for events that are no failure
 */
public record AsyncEvent(
        Kind kind, int queuePairNumber, int completionQueueNumber, int sharedReceiveQueueNumber, FailureCause cause) {
    /** Makes an event that no shared receive queue has to do with. */
    public AsyncEvent(Kind kind, int queuePairNumber, int completionQueueNumber, FailureCause cause) {
        this(kind, queuePairNumber, completionQueueNumber, -1, cause);
    }

    /** Kinds of events (RDMA verbs, section 11 of our verbs notes). */
    public enum Kind {
        /** The connection was closed in good order. */
        CLOSE_COMPLETE,
        /** A Terminate message arrived. */
        TERMINATE_RECEIVED,
        /** The connection was reset by the peer. */
        CONNECTION_RESET,
        /** The connection was lost. */
        CONNECTION_LOST,
        /** An FPDU was bad: CRC, marker or length. */
        STREAM_INTEGRITY,
        /** The peer broke a rule of DDP or RDMAP. */
        REMOTE_OPERATION,
        /** The peer's access to memory was refused. */
        REMOTE_PROTECTION,
        /** The peer sent a message and no receive was posted, or broke the order of a receive queue. */
        RECEIVE_QUEUE,
        /** Work was outstanding, or something arrived, while closing. */
        BAD_CLOSE,
        /** The peer closed while work was outstanding here. */
        BAD_PEER_CLOSE,
        /** A completion queue was full. */
        COMPLETION_QUEUE_OVERFLOW,
        /** Fewer receives wait on a shared receive queue than its watermark says. Once for each arming. */
        SHARED_RECEIVE_QUEUE_LOW,
        /** A queue pair holds more receives of its shared receive queue than the armed number. Once for each arming. */
        RECEIVE_LIMIT_REACHED,
        /** Messages to a queue pair are dropped because of its receive limit: the first since a message was admitted. */
        MESSAGE_DROPPED,
        /** A queue pair in Error has taken its last receive from its shared receive queue. */
        LAST_RECEIVE_REACHED,
        /** A local failure of the engine broke the queue pair. */
        QUEUE_PAIR_CATASTROPHIC
    }

    @Override
    public String toString() {
        return kind
                + (queuePairNumber >= 0 ? " queue pair " + queuePairNumber : "")
                + (completionQueueNumber >= 0 ? " completion queue " + completionQueueNumber : "")
                + (sharedReceiveQueueNumber >= 0 ? " shared receive queue " + sharedReceiveQueueNumber : "")
                + (cause == null ? "" : ": " + cause.message());
    }
}
