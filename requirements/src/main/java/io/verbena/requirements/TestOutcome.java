package io.verbena.requirements;

/** What became of a test. */
public enum TestOutcome {
    /** It ran to its end. */
    PASSED,
    /** It found while running that this machine lacks something it needs. */
    ABORTED,
    /** It was not begun, because an annotation or a condition said so. */
    SKIPPED,
    /** It failed. */
    FAILED
}
