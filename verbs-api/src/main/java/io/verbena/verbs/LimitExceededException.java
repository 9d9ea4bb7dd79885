package io.verbena.verbs;

/** A limit of the device does not allow one more; the message names the limit and its value. Nothing was changed. */
public class LimitExceededException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** Makes the failure with a message that names the limit. */
    public LimitExceededException(String message) {
        super(message);
    }
}
