package io.verbena.verbs.cm;

/** What answered does not speak MPA; the message shows its first octets. */
public class NotAnMpaPeerException extends ConnectionFailedException {
    private static final long serialVersionUID = 1L;

    /** Makes the failure. */
    public NotAnMpaPeerException(String message, Throwable cause) {
        super(message, cause);
    }
}
