package io.verbena.verbs.cm;

/** Kinds of ready-to-receive message that open a peer-to-peer connection (RFC 6581 section 9.2). */
public enum ReadyToReceive {
    /** A zero-length Send; it uses up a receive at the peer. */
    SEND,
    /** A zero-length RDMA Write; nobody notices. */
    WRITE,
    /** A zero-length RDMA Read; it uses an inbound Read of the peer for a moment. */
    READ
}
