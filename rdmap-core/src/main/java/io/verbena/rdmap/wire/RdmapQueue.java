package io.verbena.rdmap.wire;

/** Queue numbers that RDMAP uses in untagged segments (RFC 5040 section 4.2, RFC 7306 section 4). */
public final class RdmapQueue {
    /** Sends and Immediate Data; buffers come from the receive queue. */
    public static final int SEND = 0;

    /** RDMA Read Requests and Atomic Requests; buffers come from the inbound read queue. */
    public static final int READ_REQUEST = 1;

    /** Terminate; one buffer for the life of the stream. */
    public static final int TERMINATE = 2;

    /** Atomic Responses; as many buffers as Atomic Requests are outstanding. */
    public static final int ATOMIC_RESPONSE = 3;

    /** Number of queues; every other number is an error. */
    public static final int COUNT = 4;

    /** Stands for the queue of a tagged message, which has none. */
    public static final int NONE = -1;

    private RdmapQueue() {}
}
