package io.verbena.verbs;

/** Rights of a memory region, or of a window over it. */
public enum AccessFlag {
    /** May be the source of a Send or Write posted here. On by default, as in libibverbs. */
    LOCAL_READ,
    /** May be the target of a receive or the sink of a Read posted here. */
    LOCAL_WRITE,
    /** The peer may read it with RDMA Read. Needs {@link #LOCAL_READ}. */
    REMOTE_READ,
    /** The peer may write it with RDMA Write. Needs {@link #LOCAL_WRITE}. */
    REMOTE_WRITE,
    /** The peer may run RFC 7306 atomic operations on it. Needs {@link #LOCAL_WRITE}. */
    REMOTE_ATOMIC,
    /** Windows may be bound to it. */
    WINDOW_BIND
}
