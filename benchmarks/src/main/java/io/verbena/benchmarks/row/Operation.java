package io.verbena.benchmarks.row;

/** What moves the octets. */
public enum Operation {
    /** RDMA Write: into the server's memory, no code of the server takes part. */
    WRITE,
    /** RDMA Read: out of the server's memory, no code of the server takes part. */
    READ,
    /** Send: into a receive that the server has posted. */
    SEND
}
