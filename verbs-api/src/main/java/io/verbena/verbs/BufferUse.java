package io.verbena.verbs;

/**
 * What a buffer of the adapter's pool is used for (SYS-POOL-03). Each row says which end began the operation, whether it is an
 * RDMA or a Send, and whether it reads or writes the target's memory.
 */
public enum BufferUse {
    /** A Send of this end, on its way out. */
    SEND_OUT(Type.TRANSMIT, Role.INITIATOR, Transfer.SEND, Access.WRITE),
    /** A Send of the peer that has arrived in part. */
    SEND_IN(Type.RECEIVE, Role.TARGET, Transfer.SEND, Access.WRITE),
    /** Immediate Data of this end, on its way out. */
    IMMEDIATE_OUT(Type.TRANSMIT, Role.INITIATOR, Transfer.SEND, Access.WRITE),
    /** Immediate Data of the peer that has arrived in part. */
    IMMEDIATE_IN(Type.RECEIVE, Role.TARGET, Transfer.SEND, Access.WRITE),
    /** A Write of this end, on its way out. */
    WRITE_OUT(Type.TRANSMIT, Role.INITIATOR, Transfer.RDMA, Access.WRITE),
    /** A Write of the peer that has arrived in part. */
    WRITE_IN(Type.RECEIVE, Role.TARGET, Transfer.RDMA, Access.WRITE),
    /** A Read Request of this end, on its way out. */
    READ_REQUEST_OUT(Type.TRANSMIT, Role.INITIATOR, Transfer.RDMA, Access.READ),
    /** A Read Request of the peer that has arrived in part. */
    READ_REQUEST_IN(Type.RECEIVE, Role.TARGET, Transfer.RDMA, Access.READ),
    /** A Read Response for the peer, on its way out. */
    READ_RESPONSE_OUT(Type.TRANSMIT, Role.TARGET, Transfer.RDMA, Access.READ),
    /** A Read Response that this end asked for and that has arrived in part. */
    READ_RESPONSE_IN(Type.RECEIVE, Role.INITIATOR, Transfer.RDMA, Access.READ),
    /** An Atomic Request of this end, on its way out. */
    ATOMIC_REQUEST_OUT(Type.TRANSMIT, Role.INITIATOR, Transfer.ATOMIC, Access.BOTH),
    /** An Atomic Request of the peer that has arrived in part. */
    ATOMIC_REQUEST_IN(Type.RECEIVE, Role.TARGET, Transfer.ATOMIC, Access.BOTH),
    /** An Atomic Response for the peer, on its way out. */
    ATOMIC_RESPONSE_OUT(Type.TRANSMIT, Role.TARGET, Transfer.ATOMIC, Access.BOTH),
    /** An Atomic Response that this end asked for and that has arrived in part. */
    ATOMIC_RESPONSE_IN(Type.RECEIVE, Role.INITIATOR, Transfer.ATOMIC, Access.BOTH),
    /** A Terminate of this end, on its way out. */
    TERMINATE_OUT(Type.TRANSMIT, Role.INITIATOR, Transfer.CONTROL, Access.NONE),
    /** A Terminate of the peer that has arrived in part. */
    TERMINATE_IN(Type.RECEIVE, Role.TARGET, Transfer.CONTROL, Access.NONE),
    /** Inline data of posted Sends and Writes that wait for their turn. */
    INLINE(Type.TRANSMIT, Role.INITIATOR, Transfer.ANY, Access.WRITE),
    /** Octets on their way out of which nothing more is said: memory that a loop keeps for its streams. */
    DEPARTING(Type.TRANSMIT, Role.EITHER, Transfer.ANY, Access.BOTH),
    /** Octets that arrive and are not looked at yet: all that a read of the socket brings. */
    ARRIVING(Type.RECEIVE, Role.EITHER, Transfer.ANY, Access.BOTH);

    /** The types of operations for which buffers are counted (SYS-POOL-02). */
    public enum Type {
        /** Octets that leave. */
        TRANSMIT,
        /** Octets that have arrived. */
        RECEIVE
    }

    /** Which end began the operation. */
    public enum Role {
        /** This end. */
        INITIATOR,
        /** The peer. */
        TARGET,
        /** Not known, or both. */
        EITHER
    }

    /** What kind of operation it is. */
    public enum Transfer {
        /** A Write or Read. */
        RDMA,
        /** A message that takes a receive. */
        SEND,
        /** An atomic operation. */
        ATOMIC,
        /** A message about the connection. */
        CONTROL,
        /** Any of them. */
        ANY
    }

    /** What the operation does to memory of the target. */
    public enum Access {
        /** Reads it. */
        READ,
        /** Writes it. */
        WRITE,
        /** Reads and writes it, or either. */
        BOTH,
        /** Nothing. */
        NONE
    }

    private final Type type;
    private final Role role;
    private final Transfer transfer;
    private final Access access;

    BufferUse(Type type, Role role, Transfer transfer, Access access) {
        this.type = type;
        this.role = role;
        this.transfer = transfer;
        this.access = access;
    }

    /** Returns the type of operation that the buffer is counted for. */
    public Type type() {
        return type;
    }

    /** Returns which end began the operation. */
    public Role role() {
        return role;
    }

    /** Returns what kind of operation it is. */
    public Transfer transfer() {
        return transfer;
    }

    /** Returns what the operation does to memory of the target. */
    public Access access() {
        return access;
    }

    /** Returns the bit that stands for this use in a set of uses. */
    public int bit() {
        return 1 << ordinal();
    }
}
