package io.verbena.rdmap.wire;

/** Which parts of the offending segment a Terminate message brings back (RFC 5040 section 4.8). */
public enum ReturnedHeaders {
    /** Nothing: M, D and R are zero. */
    NONE,
    /** Segment length and DDP header: M and D are set. */
    DDP,
    /** Segment length, DDP header and the header of an RDMA Read Request: M, D and R are set. */
    DDP_AND_RDMAP
}
