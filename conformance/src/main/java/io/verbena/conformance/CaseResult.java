package io.verbena.conformance;

/**
 * A case that was played.
 *
 * @param played the case
 * @param outcome what became of it
 * @param reason how the stack differs, or why the case was skipped; empty if it passed
 * @param milliseconds how long it took
 */
public record CaseResult(ConformanceCase played, CaseOutcome outcome, String reason, long milliseconds) {}
