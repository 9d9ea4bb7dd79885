package io.verbena.rdmap.wire;

import io.verbena.ddp.DdpError;
import io.verbena.mpa.MpaError;
import java.util.Locale;

/**
 * Every registered reason to end a stream: layer, error type and error code of a Terminate message, with a sentence in
 * plain words (RFC 5040 figure 9, RFC 5041 section 7.2, RFC 5044 section 8, RFC 6581 section 8).
 */
public enum TerminateReason {
    RDMAP_LOCAL_CATASTROPHIC(0, 0, 0x00, "the RDMAP layer failed, or its user asked for termination"),

    RDMAP_PROTECTION_INVALID_STAG(0, 1, 0x00, "the STag is not valid"),
    RDMAP_PROTECTION_BASE_OR_BOUNDS(0, 1, 0x01, "the range lies outside the memory that the STag names"),
    RDMAP_PROTECTION_ACCESS_RIGHTS(0, 1, 0x02, "the STag does not grant the right the operation needs"),
    RDMAP_PROTECTION_STAG_NOT_ASSOCIATED(0, 1, 0x03, "the STag belongs to another stream or protection domain"),
    RDMAP_PROTECTION_TO_WRAP(0, 1, 0x04, "tagged offset plus length runs past 2^64"),
    RDMAP_PROTECTION_CANNOT_INVALIDATE(0, 1, 0x09, "the peer may not invalidate this STag"),
    RDMAP_PROTECTION_UNSPECIFIED(0, 1, 0xFF, "remote protection error without further detail"),

    RDMAP_OPERATION_INVALID_VERSION(0, 2, 0x05, "the RDMAP version is not supported"),
    RDMAP_OPERATION_UNEXPECTED_OPCODE(0, 2, 0x06, "the RDMAP opcode is unknown or not implemented"),
    RDMAP_OPERATION_CATASTROPHIC_STREAM(0, 2, 0x07, "the RDMAP stream cannot go on"),
    RDMAP_OPERATION_CATASTROPHIC_GLOBAL(0, 2, 0x08, "the whole device cannot go on"),
    RDMAP_OPERATION_CANNOT_INVALIDATE(0, 2, 0x09, "the STag to be invalidated does not exist"),
    RDMAP_OPERATION_UNSPECIFIED(0, 2, 0xFF, "remote operation error without further detail"),

    DDP_LOCAL_CATASTROPHIC(1, 0, 0x00, "the DDP layer failed, or a segment does not even hold its header"),

    DDP_TAGGED_INVALID_STAG(1, 1, 0x00, "the STag names no valid tagged buffer"),
    DDP_TAGGED_BASE_OR_BOUNDS(1, 1, 0x01, "the segment lies outside the tagged buffer"),
    DDP_TAGGED_STAG_NOT_ASSOCIATED(
            1, 1, 0x02, "the STag belongs to another stream or protection domain, or may not be written"),
    DDP_TAGGED_TO_WRAP(1, 1, 0x03, "tagged offset plus length runs past 2^64"),
    DDP_TAGGED_INVALID_VERSION(1, 1, 0x04, "the tagged segment has an unknown DDP version"),

    DDP_UNTAGGED_INVALID_QUEUE_NUMBER(1, 2, 0x01, "the queue number is not in use"),
    DDP_UNTAGGED_NO_BUFFER(1, 2, 0x02, "no buffer was posted for the message"),
    DDP_UNTAGGED_SEQUENCE_RANGE(1, 2, 0x03, "the message sequence number is outside its range"),
    DDP_UNTAGGED_INVALID_MESSAGE_OFFSET(1, 2, 0x04, "the message offset does not fit the message"),
    DDP_UNTAGGED_MESSAGE_TOO_LONG(1, 2, 0x05, "the message is longer than the buffer posted for it"),
    DDP_UNTAGGED_INVALID_VERSION(1, 2, 0x06, "the untagged segment has an unknown DDP version"),

    MPA_CONNECTION_LOST(2, 0, 0x01, "the TCP connection was closed, reset or lost"),
    MPA_CRC_MISMATCH(2, 0, 0x02, "the CRC of an FPDU does not match its octets"),
    MPA_MARKER_MISMATCH(2, 0, 0x03, "a marker and the FPDU lengths disagree"),
    MPA_INVALID_STARTUP_FRAME(2, 0, 0x04, "the MPA startup frame is not valid"),
    MPA_LOCAL_CATASTROPHIC(2, 0, 0x05, "the local side failed during the enhanced startup"),
    MPA_INSUFFICIENT_IRD(2, 0, 0x06, "the inbound RDMA Read resources are not sufficient"),
    MPA_NO_MATCHING_RTR(2, 0, 0x07, "none of the ready-to-receive messages offered can be sent");

    /** Layer number of RDMAP. */
    public static final int LAYER_RDMAP = 0;

    private static final int REMOTE_PROTECTION = 1;

    private static final TerminateReason[] ROWS = values();

    private final int layer;
    private final int errorType;
    private final int errorCode;
    private final String sentence;

    TerminateReason(int layer, int errorType, int errorCode, String sentence) {
        this.layer = layer;
        this.errorType = errorType;
        this.errorCode = errorCode;
        this.sentence = sentence;
    }

    /**
     * Finds the row of a received triple. RFC 5040 defines no codes for a local catastrophic error of RDMAP, so any code
     * is taken there.
     *
     * @param layer layer number
     * @param errorType error type
     * @param errorCode error code
     * @return the row, or null if the triple is not registered
     */
    public static TerminateReason of(int layer, int errorType, int errorCode) {
        if (layer == LAYER_RDMAP && errorType == 0) {
            return RDMAP_LOCAL_CATASTROPHIC;
        }
        for (TerminateReason reason : ROWS) {
            if (reason.layer == layer && reason.errorType == errorType && reason.errorCode == errorCode) {
                return reason;
            }
        }
        return null;
    }

    /**
     * Reason to tell the peer about a DDP error.
     *
     * @param error what DDP found
     * @return the row with its triple
     */
    public static TerminateReason of(DdpError error) {
        return of(DdpError.LAYER, error.errorType(), error.errorCode());
    }

    /**
     * Reason that stands for an MPA error; whether the peer may be told is {@link #sentOnWire()}.
     *
     * @param error what MPA found
     * @return the row with its triple
     */
    public static TerminateReason of(MpaError error) {
        return of(MpaError.LAYER, MpaError.ERROR_TYPE, error.errorCode());
    }

    public int layer() {
        return layer;
    }

    public int errorType() {
        return errorType;
    }

    public int errorCode() {
        return errorCode;
    }

    /**
     * Says in plain words what happened.
     *
     * @return a clause without capital and full stop, to be put into a longer message
     */
    public String sentence() {
        return sentence;
    }

    /**
     * Tells whether a Terminate with this reason may leave the machine.
     *
     * @return false if the stream has to be closed without one (RFC 5044 section 8)
     */
    public boolean sentOnWire() {
        return this != MPA_CONNECTION_LOST && this != MPA_INVALID_STARTUP_FRAME;
    }

    /**
     * Parts of the offending segment to send back (RFC 5040 figure 10, RFC 7306 section 8.1).
     *
     * @param offending message the segment belongs to; null if its opcode is not known or no segment is to blame
     * @return what to return, provided that the segment holds it
     */
    public ReturnedHeaders returnedHeaders(RdmapOpcode offending) {
        return switch (layer) {
            case LAYER_RDMAP -> returnedByRdmap(offending);
            case DdpError.LAYER -> ReturnedHeaders.DDP;
            default -> ReturnedHeaders.NONE;
        };
    }

    private ReturnedHeaders returnedByRdmap(RdmapOpcode offending) {
        if (this == RDMAP_LOCAL_CATASTROPHIC) {
            return ReturnedHeaders.NONE;
        }
        // RFC 7306 8.1: Atomic Requests bring no RDMAP header back, although they have one.
        boolean readRequest = errorType == REMOTE_PROTECTION && offending == RdmapOpcode.READ_REQUEST;
        return readRequest ? ReturnedHeaders.DDP_AND_RDMAP : ReturnedHeaders.DDP;
    }

    /**
     * The triple as it is usually written.
     *
     * @return layer, type and two hex digits of the code, as in {@code 1/2/05}
     */
    public String triple() {
        return layer + "/" + errorType + "/" + String.format(Locale.ROOT, "%02X", errorCode);
    }
}
