package io.verbena.verbs;

/** A parent cannot be closed while children live; the message names them. Nothing was changed. */
public class ResourceInUseException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** Makes the failure with a message that names the parent and the children. */
    public ResourceInUseException(String message) {
        super(message);
    }
}
