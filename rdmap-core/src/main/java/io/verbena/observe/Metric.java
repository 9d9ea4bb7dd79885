package io.verbena.observe;

import java.util.List;

/** The meters of {@link MicrometerBinder}, each row with its name, unit, tags beside {@code device}, and what it says. */
enum Metric {
    CONNECTION_ATTEMPTS(
            "verbena.connection.attempts",
            Type.COUNTER,
            null,
            "Connections begun: attempts made here (initiator) and TCP connections accepted (responder).",
            "role"),
    CONNECTIONS_ESTABLISHED("verbena.connections.established", Type.COUNTER, null, "Connections that came to stand."),
    CONNECTION_FAILURES(
            "verbena.connection.failures", Type.COUNTER, null, "Connection attempts that did not come to stand."),
    CONNECTIONS_ENDED(
            "verbena.connections.ended", Type.COUNTER, null, "Connections that ended, in good order or broken.", "end"),
    CONNECTIONS_ACTIVE("verbena.connections.active", Type.GAUGE, null, "Connections that stand now."),
    STARTUP_FRAMES("verbena.startup.frames", Type.COUNTER, null, "MPA Requests and Replies.", "direction"),
    SEGMENTS("verbena.segments", Type.COUNTER, null, "DDP segments, by RDMAP message.", "direction", "opcode"),
    SEGMENT_DATA(
            "verbena.segment.data",
            Type.COUNTER,
            "bytes",
            "Octets of DDP segments with their headers, by RDMAP message.",
            "direction",
            "opcode"),
    SOCKET_TRANSFERS("verbena.socket.transfers", Type.COUNTER, null, "Reads from and writes to sockets.", "direction"),
    SOCKET_DATA("verbena.socket.data", Type.COUNTER, "bytes", "Octets read from and written to sockets.", "direction"),
    FPDUS_REJECTED(
            "verbena.fpdus.rejected", Type.COUNTER, null, "FPDUs refused before DDP saw them: CRC, marker, length."),
    TERMINATES("verbena.terminates", Type.COUNTER, null, "Terminate messages.", "direction"),
    ACCESS_REFUSALS(
            "verbena.access.refusals",
            Type.COUNTER,
            null,
            "Accesses to memory that were refused, by the check that refused.",
            "check"),
    ASYNC_EVENTS("verbena.async.events", Type.COUNTER, null, "Asynchronous events.", "kind"),
    QUEUE_PAIRS("verbena.queue.pairs", Type.GAUGE, null, "Queue pairs that exist now, by state.", "state"),
    COMPLETIONS(
            "verbena.completions",
            Type.COUNTER,
            null,
            "Requests that ended, unsignaled ones included.",
            "operation",
            "status"),
    COMPLETION_DATA(
            "verbena.completion.data",
            Type.COUNTER,
            "bytes",
            "Octets brought by receives and RDMA Reads that ended well.",
            "operation"),
    COMPLETION_QUEUES("verbena.completion.queues", Type.GAUGE, null, "Completion queues that exist now."),
    COMPLETION_QUEUE_CAPACITY(
            "verbena.completion.queue.capacity",
            Type.GAUGE,
            "entries",
            "Sum of the capacities with which those completion queues were created."),
    SHARED_RECEIVE_QUEUES("verbena.shared.receive.queues", Type.GAUGE, null, "Shared receive queues that exist now."),
    MESSAGES_DROPPED("verbena.messages.dropped", Type.COUNTER, null, "Messages dropped because of a receive limit."),
    DROPPED_DATA(
            "verbena.messages.dropped.data",
            Type.COUNTER,
            "bytes",
            "Octets of messages dropped because of a receive limit."),
    RECEIVE_PAUSES(
            "verbena.receive.pauses",
            Type.COUNTER,
            null,
            "Times that a stream stopped reading because no receive was posted."),
    STREAMS_PAUSED("verbena.streams.paused", Type.GAUGE, null, "Streams that wait for a receive now."),
    BUFFER_LIMITS(
            "verbena.buffers.limit",
            Type.GAUGE,
            "buffers",
            "Staging buffers that there can be (pool), that can be in use for sending or receiving (transmit, receive), and"
                    + " that a queue pair may have (queue_pair; of small ones, inline). Only if the device was given.",
            "of"),
    BUFFERS(
            "verbena.buffers",
            Type.GAUGE,
            "buffers",
            "Staging buffers of the adapter's pool: free, and in use for sending or receiving. Only if the device was"
                    + " given.",
            "state"),
    BUFFER_USES(
            "verbena.buffers.used",
            Type.GAUGE,
            "buffers",
            "Staging buffers in use, small ones too, by what for. Only if the device was given.",
            "use"),
    BUFFER_WAITS(
            "verbena.buffer.waits", Type.COUNTER, null, "Times a connection had to wait for a staging buffer.", "type"),
    BUFFER_WAITING(
            "verbena.buffer.waiting", Type.GAUGE, null, "Connections that wait for a staging buffer now.", "type"),
    BUFFER_REFUSALS(
            "verbena.buffer.refusals",
            Type.COUNTER,
            null,
            "Refusals: inline requests that found no buffer (inline), and connections ended because a buffer was not theirs"
                    + " (transfer).",
            "of"),
    REGIONS("verbena.regions", Type.GAUGE, null, "Memory regions that exist now."),
    REGION_DATA("verbena.regions.size", Type.GAUGE, "bytes", "Sum of the lengths with which they were registered."),
    REGISTRATIONS("verbena.registrations", Type.COUNTER, null, "Memory regions registered."),
    FAST_REGISTRATIONS(
            "verbena.fast.registrations", Type.COUNTER, null, "Memory regions made valid through the send queue."),
    WINDOWS("verbena.windows", Type.GAUGE, null, "Memory windows that exist now, bound or not."),
    WINDOW_BINDINGS("verbena.window.bindings", Type.COUNTER, null, "Bindings of memory windows."),
    INVALIDATIONS(
            "verbena.invalidations",
            Type.COUNTER,
            null,
            "Regions and windows that became invalid without being deregistered or freed, by who did it.",
            "by"),
    SEND_QUEUES_DRAINED(
            "verbena.send.queues.drained",
            Type.COUNTER,
            null,
            "Send queues drained because a memory operation failed."),
    CACHE_LOOKUPS("verbena.cache.lookups", Type.COUNTER, null, "Buffers looked up in registration caches.", "outcome"),
    CACHE_REMOVALS(
            "verbena.cache.removals",
            Type.COUNTER,
            null,
            "Registrations that registration caches gave up, by reason.",
            "reason"),
    CACHE_REGISTRATIONS(
            "verbena.cache.registrations", Type.GAUGE, null, "Registrations that registration caches hold now."),
    CACHE_DATA("verbena.cache.size", Type.GAUGE, "bytes", "Sum of the lengths of those registrations.");

    /** What kind of meter. */
    enum Type {
        COUNTER,
        GAUGE
    }

    private final String meterName;
    private final Type type;
    private final String baseUnit;
    private final String sentence;
    private final List<String> tags;

    Metric(String meterName, Type type, String baseUnit, String sentence, String... tags) {
        this.meterName = meterName;
        this.type = type;
        this.baseUnit = baseUnit;
        this.sentence = sentence;
        this.tags = List.of(tags);
    }

    String meterName() {
        return meterName;
    }

    Type type() {
        return type;
    }

    /** Returns the base unit, or null where things are counted. */
    String baseUnit() {
        return baseUnit;
    }

    String sentence() {
        return sentence;
    }

    /** Returns the names of its tags, without {@code device}, which all have. */
    List<String> tags() {
        return tags;
    }
}
