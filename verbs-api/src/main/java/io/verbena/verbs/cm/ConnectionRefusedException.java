package io.verbena.verbs.cm;

/** Nobody listens there, or the address cannot be reached. */
public class ConnectionRefusedException extends ConnectionFailedException {
    private static final long serialVersionUID = 1L;

    /** Makes the failure. */
    public ConnectionRefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
