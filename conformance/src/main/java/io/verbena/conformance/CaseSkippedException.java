package io.verbena.conformance;

/** The stack under test, or its application, lacks what a case needs and need not have. */
final class CaseSkippedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CaseSkippedException(String reason) {
        super(reason);
    }
}
