package io.verbena.mpa;

/**
 * Why a connection did not come to be. An immutable value: any thread.
 *
 * @param cause the kind of failure
 * @param sentence what happened, with the values seen
 * @param fallbackPossible whether a new TCP connection with revision 1 may succeed (RFC 6581 section 10)
 */
public record MpaStartupFailure(Cause cause, String sentence, boolean fallbackPossible) {

    /** Kinds of failure, each with the MPA error it counts as. */
    public enum Cause {
        /** The first octets are no startup frame. */
        NOT_MPA(MpaError.INVALID_STARTUP_FRAME),
        /** The peer plays the same role: two initiators, or a Reply that nobody asked for. */
        SAME_ROLE(MpaError.INVALID_STARTUP_FRAME),
        /** The revision cannot be worked with. */
        UNUSABLE_REVISION(MpaError.INVALID_STARTUP_FRAME),
        /** More private data is announced than a frame may have. */
        PRIVATE_DATA_TOO_LONG(MpaError.INVALID_STARTUP_FRAME),
        /** The frame is marked as enhanced but has no room for the enhanced word. */
        ENHANCED_WORD_MISSING(MpaError.INVALID_STARTUP_FRAME),
        /** An enhanced Request was answered unenhanced, or the other way round, or one came where none is understood. */
        ENHANCED_MISMATCH(MpaError.INVALID_STARTUP_FRAME),
        /** The Reply changes the connection model that was asked for. */
        MODEL_MISMATCH(MpaError.INVALID_STARTUP_FRAME),
        /** The initiator sent more before it had the Reply. */
        OCTETS_BEHIND_REQUEST(MpaError.INVALID_STARTUP_FRAME),
        /** The stream ended before the first octet of the peer's frame. */
        CLOSED_BEFORE_FRAME(MpaError.CONNECTION_LOST),
        /** The stream ended within the peer's frame. */
        CLOSED_WITHIN_FRAME(MpaError.CONNECTION_LOST),
        /** The peer asks for more inbound RDMA Reads than we can serve; it is told by a Terminate. */
        INSUFFICIENT_IRD(MpaError.INSUFFICIENT_IRD),
        /** The peer wants a ready-to-receive message that we cannot send; it is told by a Terminate. */
        NO_MATCHING_RTR(MpaError.NO_MATCHING_RTR);

        private final MpaError error;

        Cause(MpaError error) {
            this.error = error;
        }

        /**
         * The MPA error this counts as.
         *
         * @return the error; if it is {@link MpaError#sentOnWire()}, a Terminate is due before the close
         */
        public MpaError error() {
            return error;
        }
    }

    MpaStartupFailure(Cause cause, String sentence) {
        this(cause, sentence, false);
    }
}
