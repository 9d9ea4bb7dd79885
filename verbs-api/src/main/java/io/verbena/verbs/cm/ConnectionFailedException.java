package io.verbena.verbs.cm;

import java.io.IOException;

/** A connection did not come to stand; the subclass says how it failed, the message says it in one sentence. */
public abstract class ConnectionFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Makes the failure. */
    protected ConnectionFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
