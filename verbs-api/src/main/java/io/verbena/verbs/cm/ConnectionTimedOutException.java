package io.verbena.verbs.cm;

/** It took longer than the deadline; the message says what was being waited for. */
public class ConnectionTimedOutException extends ConnectionFailedException {
    private static final long serialVersionUID = 1L;

    /** Makes the failure. */
    public ConnectionTimedOutException(String message, Throwable cause) {
        super(message, cause);
    }
}
