package io.verbena.queuepair;

/**
 * What can happen to the state of a queue pair. Where a condition decides between two ways, each way is an event of its own,
 * so that the table alone says where it leads; the engine looks at the condition when it names the event.
 */
public enum QueuePairEvent {
    /** Modify to Idle, and nothing is left to flush. */
    MODIFY_IDLE("modify to Idle, nothing left to flush"),
    /** Modify to Idle while requests are still being flushed. */
    MODIFY_IDLE_WHILE_FLUSHING("modify to Idle, still flushing"),
    /** Modify to RTS by the application: only attributes change. */
    MODIFY_RTS("modify to RTS"),
    /** Modify to Closing. If something is outstanding, {@link #WORK_WHILE_CLOSING} follows at once. */
    MODIFY_CLOSING("modify to Closing"),
    /** Modify to Terminate. */
    MODIFY_TERMINATE("modify to Terminate"),
    /** Modify to Error. */
    MODIFY_ERROR("modify to Error"),
    /** Abort: by the application, by a disconnect whose deadline passed, or because queue pair or device are closed. */
    ABORT("abort, deadline of a disconnect, destruction"),
    /** MPA startup is done: a connection is there to be bound. */
    CONNECTED("MPA startup done"),
    /** FIN of the peer at the end of an FPDU and a message; send queue and Reads of both directions have nothing outstanding. */
    PEER_FIN("FIN, queues empty"),
    /** FIN of the peer while something is outstanding on the send queue or in the inbound Reads. */
    PEER_FIN_WHILE_BUSY("FIN, queues not empty"),
    /** A request failed, and its completion says so. */
    REQUEST_FAILED("error tied to a request"),
    /** The peer broke a rule: a bad message or a bad FPDU. */
    INBOUND_ERROR("error on an inbound message, CRC or marker"),
    /** Something failed here that is tied to no request: a full completion queue, the engine itself. */
    LOCAL_ERROR("completion queue overflow or engine failure"),
    /** A Terminate message arrived. */
    TERMINATE_RECEIVED("Terminate received"),
    /** While closing there is a send request, an inbound Read that is not answered, or a segment arrives. */
    WORK_WHILE_CLOSING("request, Read or segment while closing"),
    /** The lower layer has been closed in order, in both directions. */
    LLP_CLOSED("LLP close finished"),
    /** The lower layer broke: reset, lost, FIN in the middle of an FPDU, nothing can be written. */
    LLP_FAILED("LLP reset, lost, or FIN inside an FPDU"),
    /** Closing took too long. */
    CLOSE_TIMEOUT("close timer");

    private final String words;

    QueuePairEvent(String words) {
        this.words = words;
    }

    /** Returns it in words, for messages and the generated page. */
    public String words() {
        return words;
    }
}
