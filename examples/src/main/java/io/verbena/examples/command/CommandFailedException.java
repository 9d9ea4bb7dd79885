package io.verbena.examples.command;

/** A command could not do what it was asked; the message is the one line that the user reads. */
public final class CommandFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Makes the failure. */
    public CommandFailedException(String message) {
        super(message);
    }

    /** Makes the failure with what lies behind it, shown with {@code --debug} only. */
    public CommandFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
