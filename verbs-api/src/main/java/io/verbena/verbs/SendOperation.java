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
    READ_LOCAL_INVALIDATE;

    /** Returns whether this is one of the four Sends. */
    public boolean isSend() {
        return ordinal() <= SEND_SOLICITED_INVALIDATE.ordinal();
    }

    /** Returns whether this is a Read of either kind. */
    public boolean isRead() {
        return this == READ || this == READ_LOCAL_INVALIDATE;
    }

    /** Returns whether it carries an STag that the peer invalidates. */
    public boolean invalidatesRemote() {
        return this == SEND_INVALIDATE || this == SEND_SOLICITED_INVALIDATE;
    }

    /** Returns whether the peer's completion counts as solicited. */
    public boolean solicited() {
        return this == SEND_SOLICITED || this == SEND_SOLICITED_INVALIDATE;
    }
}
