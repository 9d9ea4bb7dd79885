package io.verbena.queuepair;

import io.verbena.verbs.QueuePairState;

/**
 * One cell of {@link QueuePairStates}.
 *
 * @param outcome what to do
 * @param next the state afterwards; the present one unless the outcome is {@link Outcome#ENTER}
 * @param row the id of the row, T1 to T20, empty if the outcome is not {@link Outcome#ENTER}
 */
public record QueuePairTransition(Outcome outcome, QueuePairState next, String row) {
    /** What an event can do. */
    public enum Outcome {
        /** Do what the row says and be in {@link QueuePairTransition#next()}, which may be the present state. */
        ENTER,
        /** Nothing happens. */
        IGNORED,
        /** An application's request is refused; an engine's event is a bug. Nothing happens. */
        ILLEGAL
    }

    /** Returns whether the row is to be carried out. */
    public boolean enters() {
        return outcome == Outcome.ENTER;
    }

    /** Returns whether the event must not happen in this state. */
    public boolean illegal() {
        return outcome == Outcome.ILLEGAL;
    }
}
