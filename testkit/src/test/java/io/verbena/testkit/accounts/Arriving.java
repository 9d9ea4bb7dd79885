package io.verbena.testkit.accounts;

import io.verbena.verbs.WorkCompletionStatus;

/** A message whose first segment has come, until its receive completes or it has been dropped. */
final class Arriving {
    final Message message;
    /** What it has drawn; null if it is dropped. */
    final Receive receive;
    /** How its receive has to complete at once, or null. */
    WorkCompletionStatus failing;

    int arrived;
    boolean whole;

    Arriving(Message message, Receive receive) {
        this.message = message;
        this.receive = receive;
    }

    boolean dropped() {
        return receive == null;
    }
}
