package io.verbena.mpa;

/**
 * What can go wrong in MPA, with the error code of RFC 5044 section 8 and RFC 6581 section 8. Not every code may leave
 * the machine: a bad startup frame, for instance, ends the connection without a word.
 */
public enum MpaError {
    CONNECTION_LOST(0x01, false, "the TCP connection was closed, reset or lost"),
    CRC_MISMATCH(0x02, true, "the CRC of an FPDU does not match its octets"),
    MARKER_MISMATCH(0x03, true, "a marker and the FPDU lengths disagree about where an FPDU starts"),
    // RFC 5044 section 8: the stream is closed at once, there is no peer that would understand a Terminate.
    INVALID_STARTUP_FRAME(0x04, false, "the MPA startup frame is not valid"),
    LOCAL_CATASTROPHIC(0x05, true, "the local side failed during the enhanced startup"),
    INSUFFICIENT_IRD(0x06, true, "the inbound RDMA Read resources are not sufficient"),
    NO_MATCHING_RTR(0x07, true, "none of the ready-to-receive messages offered can be sent");

    /** The layer number of MPA in a Terminate message. */
    public static final int LAYER = 2;

    /** The one error type of MPA. */
    public static final int ERROR_TYPE = 0;

    private final int errorCode;
    private final boolean sentOnWire;
    private final String sentence;

    MpaError(int errorCode, boolean sentOnWire, String sentence) {
        this.errorCode = errorCode;
        this.sentOnWire = sentOnWire;
        this.sentence = sentence;
    }

    public int errorCode() {
        return errorCode;
    }

    /**
     * Tells whether the peer may be told by a Terminate message.
     *
     * @return false if the connection has to be closed without one
     */
    public boolean sentOnWire() {
        return sentOnWire;
    }

    /**
     * Says in plain words what is wrong.
     *
     * @return a clause without capital and full stop, to be put into a longer message
     */
    public String sentence() {
        return sentence;
    }
}
