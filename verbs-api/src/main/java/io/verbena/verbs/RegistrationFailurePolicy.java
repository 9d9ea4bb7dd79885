package io.verbena.verbs;

/**
 * What a request that fails to register, bind or invalidate memory does to its queue pair (SYS-MEM-06, SYS-MEM-07). Either way
 * the request completes with its error.
 *
 * <p>That is: a fast registration, a binding, a local invalidate, or what a message should have {@linkplain
 * SendRequest#exposing exposed}. A Read with Local Invalidate whose sink cannot be invalidated always ends the queue pair,
 * since requests behind it may have been sent; so does a message whose own octets cannot be read.
 */
public enum RegistrationFailurePolicy {
    /**
     * The queue pair ends: a Terminate goes to the peer, everything else is flushed. What the RDMA verbs say of any failed
     * request.
     */
    ANTICIPATORY,
    /**
     * Only the send queue stops: it is <em>drained</em>, every later send request is flushed, while receives, inbound
     * Writes and Reads and earlier requests carry on. {@link QueuePair#resumeSendQueue()} puts it back to work; what was
     * prepared can be posted again. Completions keep the order of posting all the while.
     */
    REACTIVE
}
