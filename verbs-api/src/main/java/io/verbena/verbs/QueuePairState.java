package io.verbena.verbs;

/** The states of a queue pair (RDMA verbs; libibverbs names in brackets). */
public enum QueuePairState {
    /** Not bound to a connection (RESET, INIT). Requests may be posted and wait. */
    IDLE,
    /** Ready to send: bound to a connection and working (RTS). */
    RTS,
    /** Closing in order: nothing outstanding, receives flushed, FIN under way (SQD). */
    CLOSING,
    /** A Terminate was sent or received, the connection is being closed (SQE). */
    TERMINATE,
    /** Unbound after a failure or abort; everything is flushed (ERR). */
    ERROR
}
