package io.verbena.testkit.badinput;

import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;

/** What a wrong segment brings about: the Terminate that the peer gets, and the event and cause at the end it was sent to. */
record Answer(int layer, int errorType, int errorCode, AsyncEvent.Kind kind, FailedCheck check) {
    /** Returns layer, type and code as people write them. */
    String triple() {
        return String.format("%d/%d/%02x", layer, errorType, errorCode);
    }
}
