package io.verbena.conformance;

/** What happens in a case. */
@FunctionalInterface
public interface CaseScript {
    /**
     * Plays it to its end.
     *
     * @throws AssertionError if the stack under test differs from what the case expects; the message says how
     */
    void play(Stage stage);
}
