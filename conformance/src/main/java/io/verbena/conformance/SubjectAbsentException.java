package io.verbena.conformance;

/** There is no TCP connection with the stack under test, so it cannot be judged. */
final class SubjectAbsentException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SubjectAbsentException(String message, Throwable cause) {
        super(message, cause);
    }
}
