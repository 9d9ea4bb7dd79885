package io.verbena.verbs.cm;

/** The peer speaks MPA, but the two ends cannot agree; the message says on what. */
public class IncompatiblePeerException extends ConnectionFailedException {
    private static final long serialVersionUID = 1L;

    /** Makes the failure. */
    public IncompatiblePeerException(String message, Throwable cause) {
        super(message, cause);
    }
}
