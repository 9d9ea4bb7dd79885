package io.verbena.ddp;

/**
 * What can be wrong with a DDP segment, and the error type and code with which it is told to the peer (RFC 5041 section
 * 7.2). Two rows may share a code when the RFC has fewer codes than there are reasons; the sentence keeps them apart for
 * the local report.
 */
public enum DdpError {
    LOCAL_CATASTROPHIC(Type.LOCAL_CATASTROPHIC, 0x00, "the local DDP layer failed"),
    // No code of its own exists for it; the verbs draft (section 8.3.3) uses this one.
    SEGMENT_TOO_SHORT(Type.LOCAL_CATASTROPHIC, 0x00, "the segment is shorter than its DDP header"),
    TAGGED_INVALID_STAG(Type.TAGGED_BUFFER, 0x00, "the STag names no valid tagged buffer"),
    TAGGED_BASE_OR_BOUNDS(Type.TAGGED_BUFFER, 0x01, "the segment lies outside the tagged buffer"),
    TAGGED_STAG_NOT_ASSOCIATED(Type.TAGGED_BUFFER, 0x02, "the STag belongs to another stream or protection domain"),
    // DDP has no code for missing rights; the verbs draft (section 8.3.3) uses this one.
    TAGGED_ACCESS_RIGHTS(Type.TAGGED_BUFFER, 0x02, "the tagged buffer does not grant the right to write"),
    TAGGED_OFFSET_WRAP(Type.TAGGED_BUFFER, 0x03, "tagged offset plus length runs past 2^64"),
    TAGGED_INVALID_VERSION(Type.TAGGED_BUFFER, 0x04, "the tagged segment has an unknown DDP version"),
    UNTAGGED_INVALID_QUEUE_NUMBER(Type.UNTAGGED_BUFFER, 0x01, "the queue number is not in use"),
    UNTAGGED_NO_BUFFER(Type.UNTAGGED_BUFFER, 0x02, "no untagged buffer is available for the message"),
    UNTAGGED_SEQUENCE_RANGE(Type.UNTAGGED_BUFFER, 0x03, "the message sequence number is outside its range"),
    UNTAGGED_INVALID_MESSAGE_OFFSET(Type.UNTAGGED_BUFFER, 0x04, "the message offset does not fit the message"),
    UNTAGGED_MESSAGE_TOO_LONG(Type.UNTAGGED_BUFFER, 0x05, "the message is longer than its untagged buffer"),
    UNTAGGED_INVALID_VERSION(Type.UNTAGGED_BUFFER, 0x06, "the untagged segment has an unknown DDP version");

    /** The layer number of DDP in a Terminate message. */
    public static final int LAYER = 1;

    /** Error types of DDP. */
    private static final class Type {
        static final int LOCAL_CATASTROPHIC = 0;
        static final int TAGGED_BUFFER = 1;
        static final int UNTAGGED_BUFFER = 2;

        private Type() {}
    }

    private final int errorType;
    private final int errorCode;
    private final String sentence;

    DdpError(int errorType, int errorCode, String sentence) {
        this.errorType = errorType;
        this.errorCode = errorCode;
        this.sentence = sentence;
    }

    public int errorType() {
        return errorType;
    }

    public int errorCode() {
        return errorCode;
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
