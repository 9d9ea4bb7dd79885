package io.verbena.observe;

/** The plain counters of a device; {@link Counters} has further ones by opcode, status and check. */
public enum Counter {
    CONNECTIONS_INITIATED("Connection attempts begun here."),
    CONNECTIONS_ACCEPTED("TCP connections accepted by listeners."),
    CONNECTIONS_ESTABLISHED("Connections that came to stand."),
    CONNECTIONS_FAILED("Connection attempts, of either end, that did not come to stand."),
    CONNECTIONS_CLOSED("Connections that ended in good order."),
    CONNECTIONS_BROKEN("Connections that ended with a failure."),
    TERMINATES_SENT("Terminate messages sent."),
    TERMINATES_RECEIVED("Terminate messages received."),
    FPDUS_REJECTED("FPDUs refused before DDP saw them: CRC, marker or length."),
    STARTUP_FRAMES_SENT("MPA Requests and Replies sent."),
    STARTUP_FRAMES_RECEIVED("MPA Requests and Replies received."),
    SOCKET_WRITES("Writes to sockets that moved octets."),
    SOCKET_READS("Reads from sockets that moved octets."),
    SOCKET_OCTETS_SENT("Octets written to sockets."),
    SOCKET_OCTETS_RECEIVED("Octets read from sockets."),
    QUEUE_PAIRS_CREATED("Queue pairs created."),
    QUEUE_PAIRS_DESTROYED("Queue pairs destroyed."),
    COMPLETION_QUEUES_CREATED("Completion queues created."),
    COMPLETION_QUEUES_DESTROYED("Completion queues destroyed."),
    SHARED_RECEIVE_QUEUES_CREATED("Shared receive queues created."),
    SHARED_RECEIVE_QUEUES_DESTROYED("Shared receive queues destroyed."),
    MESSAGES_DROPPED("Messages dropped because of a receive limit."),
    OCTETS_DROPPED("Octets of messages dropped because of a receive limit."),
    STREAMS_PAUSED("Times that a stream stopped reading because no receive was posted."),
    STREAMS_RESUMED("Times that such a stream went on or ended."),
    TRANSMIT_BUFFER_WAITS("Times a connection began to wait for a staging buffer to send with."),
    TRANSMIT_BUFFER_WAITS_ENDED("Times such a wait ended."),
    RECEIVE_BUFFER_WAITS("Times a connection began to wait for a staging buffer to receive with."),
    RECEIVE_BUFFER_WAITS_ENDED("Times such a wait ended."),
    INLINE_REFUSALS("Requests not posted because there was no buffer for their inline octets."),
    BUFFER_REFUSALS("Connections ended because a staging buffer was not theirs, or not for that transfer."),
    REGIONS_REGISTERED("Memory regions registered."),
    REGIONS_DEREGISTERED("Memory regions deregistered."),
    OCTETS_REGISTERED("Octets of memory regions registered."),
    OCTETS_DEREGISTERED("Octets of memory regions deregistered."),
    FAST_REGISTRATIONS("Memory regions made valid through the send queue."),
    WINDOWS_ALLOCATED("Memory windows allocated."),
    WINDOWS_FREED("Memory windows freed."),
    WINDOWS_BOUND("Bindings of memory windows."),
    SEND_QUEUES_DRAINED("Send queues drained because a memory operation failed."),
    CACHE_OCTETS_REGISTERED("Octets registered by registration caches."),
    CACHE_OCTETS_REMOVED("Octets of registrations that registration caches gave up."),
    CACHE_REGISTRATIONS("Registrations made by registration caches."),
    OCTETS_RECEIVED("Octets of messages placed in receives that completed."),
    OCTETS_READ("Octets brought by RDMA Reads that completed.");

    private final String sentence;

    Counter(String sentence) {
        this.sentence = sentence;
    }

    /** Returns what it counts. */
    public String sentence() {
        return sentence;
    }
}
