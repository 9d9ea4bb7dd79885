package io.verbena.verbs;

/** What a request on the send queue asks for. */
public enum SendOperation {
    /** Send (RFC 5040 section 5.3). */
    SEND,
    /** Send with Solicited Event. */
    SEND_SOLICITED,
    /** Send with Invalidate. */
    SEND_INVALIDATE,
    /** Send with Solicited Event and Invalidate. */
    SEND_SOLICITED_INVALIDATE,
    /** RDMA Write (RFC 5040 section 5.1). */
    WRITE,
    /** RDMA Read (RFC 5040 section 5.2). */
    READ,
    /** RDMA Read; when it is done the sink's STag is invalidated here, before the completion. */
    READ_LOCAL_INVALIDATE,
    /** Immediate Data (RFC 7306 section 6): 8 octets for the completion of a receive. */
    IMMEDIATE,
    /** Immediate Data with Solicited Event. */
    IMMEDIATE_SOLICITED,
    /** Atomic FetchAdd (RFC 7306 section 5.1.1). */
    FETCH_ADD,
    /** Atomic CmpSwap (RFC 7306 section 5.1.2); with no bit compared a plain swap. */
    COMPARE_SWAP,
    /** Makes a region valid with the page list given (RDMA verbs: Fast-Register). No traffic. */
    FAST_REGISTER,
    /** Binds a window to a part of a region. No traffic. */
    BIND_WINDOW,
    /** Invalidates a region or window here. No traffic. */
    LOCAL_INVALIDATE;

    /** Returns whether this is one of the four Sends. */
    public boolean isSend() {
        return ordinal() <= SEND_SOLICITED_INVALIDATE.ordinal();
    }

    /** Returns whether this is a Read of either kind. */
    public boolean isRead() {
        return this == READ || this == READ_LOCAL_INVALIDATE;
    }

    /** Returns whether this is Immediate Data of either kind. */
    public boolean isImmediate() {
        return this == IMMEDIATE || this == IMMEDIATE_SOLICITED;
    }

    /** Returns whether this is an atomic operation on the peer's memory. */
    public boolean isAtomic() {
        return this == FETCH_ADD || this == COMPARE_SWAP;
    }

    /** Returns whether this changes the local translation and protection table and sends nothing. */
    public boolean isMemoryOperation() {
        return ordinal() >= FAST_REGISTER.ordinal();
    }

    /** Returns whether it carries an STag that the peer invalidates. */
    public boolean invalidatesRemote() {
        return this == SEND_INVALIDATE || this == SEND_SOLICITED_INVALIDATE;
    }

    /** Returns whether the peer's completion counts as solicited. */
    public boolean solicited() {
        return this == SEND_SOLICITED || this == SEND_SOLICITED_INVALIDATE || this == IMMEDIATE_SOLICITED;
    }
}
