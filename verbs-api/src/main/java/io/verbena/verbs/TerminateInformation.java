package io.verbena.verbs;

/**
 * A Terminate message, sent or received (RFC 5040 section 4.8).
 *
 * @param sent whether this end sent it
 * @param layer 0 RDMA, 1 DDP, 2 the lower layer (MPA)
 * @param errorType the layer's error type
 * @param errorCode the error code
 * @param words the triple in plain words
 * @param segmentLengthOctets length of the offending DDP segment, or -1 if it was not returned
 * @param ddpHeader copy of the offending segment's DDP header, empty if it was not returned; do not change
 * @param rdmapHeader copy of the offending Read Request's header, empty if it was not returned; do not change
 */
public record TerminateInformation(
        boolean sent,
        int layer,
        int errorType,
        int errorCode,
        String words,
        int segmentLengthOctets,
        byte[] ddpHeader,
        byte[] rdmapHeader) {
    /** Returns the triple as wire tables write it, such as {@code 1/1/01}. */
    public String triple() {
        return layer + "/" + errorType + "/" + Character.forDigit(errorCode >> 4 & 0xF, 16)
                + Character.forDigit(errorCode & 0xF, 16);
    }

    @Override
    public String toString() {
        return "Terminate " + triple() + (sent ? " sent: " : " received: ") + words;
    }
}
