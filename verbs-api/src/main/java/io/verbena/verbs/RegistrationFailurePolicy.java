package io.verbena.verbs;

/**
 * What a request that fails to register, bind or invalidate memory does to its queue pair (SYS-MEM-06, SYS-MEM-07). Either way
 * the request completes with its error.
 */
public enum RegistrationFailurePolicy {
    /**
     * The queue pair ends: a Terminate goes to the peer, everything else is flushed. What the RDMA verbs say of any failed
     * request.
     */
    ANTICIPATORY,
    /**
     * Only the send queue stops: it is <em>drained</em>, every later send request is flushed, while receives, inbound
     * Writes and Reads and earlier requests carry on. {@link QueuePair#resumeSendQueue()} puts it back to work.
     */
    REACTIVE
}
