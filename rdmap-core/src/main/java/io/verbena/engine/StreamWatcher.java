package io.verbena.engine;

import io.verbena.verbs.FailureCause;

/** Connection management as the engine sees it: who wants to know how a stream fares. Thread rule: the stream's loop. */
public interface StreamWatcher {
    /** The peer's first FPDU was good (responder only). */
    void onFirstSegment();

    /**
     * The stream is gone.
     *
     * @param cause why, or null if it ended in good order
     */
    void onEnded(FailureCause cause);
}
