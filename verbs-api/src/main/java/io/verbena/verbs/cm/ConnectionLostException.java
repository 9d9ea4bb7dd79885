package io.verbena.verbs.cm;

/** The connection broke, or was closed, before it stood. */
public class ConnectionLostException extends ConnectionFailedException {
    private static final long serialVersionUID = 1L;

    /** Makes the failure. */
    public ConnectionLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
