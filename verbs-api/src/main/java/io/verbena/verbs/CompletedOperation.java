package io.verbena.verbs;

/** What kind of request a completion belongs to. */
public enum CompletedOperation {
    /** One of the four Sends. */
    SEND,
    /** RDMA Write. */
    WRITE,
    /** RDMA Read, with or without local invalidate. */
    READ,
    /** A receive that a Send was placed in. */
    RECEIVE
}
