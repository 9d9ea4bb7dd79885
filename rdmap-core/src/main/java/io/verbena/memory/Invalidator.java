package io.verbena.memory;

/** Who wants an STag to be invalidated (state machines 8.2). */
public enum Invalidator {
    /** A local invalidate of the send queue. */
    LOCAL,
    /** A Read with Local Invalidate that has ended. */
    READ,
    /** A Send with Invalidate of the peer: only memory that it could reach. */
    PEER
}
