package io.verbena.verbs;

/** What kind of request a completion belongs to. */
public enum CompletedOperation {
    /** One of the four Sends. */
    SEND,
    /** RDMA Write. */
    WRITE,
    /** RDMA Read, with or without local invalidate. */
    READ,
    /** A receive that a Send was placed in, or that Immediate Data used up. */
    RECEIVE,
    /** Immediate Data. */
    IMMEDIATE,
    /** Atomic FetchAdd. */
    FETCH_ADD,
    /** Atomic CmpSwap. */
    COMPARE_SWAP,
    /** Fast registration. */
    FAST_REGISTER,
    /** Binding of a window. */
    BIND_WINDOW,
    /** Local invalidate. */
    LOCAL_INVALIDATE
}
