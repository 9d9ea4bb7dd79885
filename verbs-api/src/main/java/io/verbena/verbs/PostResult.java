package io.verbena.verbs;

/** Outcome of posting. Anything but {@link #POSTED} left no trace of the request that met it. */
public enum PostResult {
    /** The request is on its queue and will complete exactly once. */
    POSTED,
    /** All slots are busy: an ordinary outcome; try again once a request has completed. */
    QUEUE_FULL,
    /**
     * The adapter's buffer pool, or the queue pair's part of it, has no room for the inline octets: an ordinary outcome; try
     * again once a request with inline octets has completed, or post without.
     */
    NO_BUFFER,
    /** The queue pair takes no requests in its present state (Closing, Terminate, Error). */
    WRONG_STATE,
    /** The queue pair was destroyed. */
    DESTROYED;

    /** Returns whether the request was posted. */
    public boolean posted() {
        return this == POSTED;
    }

    /** Returns whether the request was refused for want of room alone, so that it may be posted a little later. */
    public boolean forNow() {
        return this == QUEUE_FULL || this == NO_BUFFER;
    }

    /**
     * Throws if the request was not posted; for programs to which a full queue is a bug.
     *
     * @throws IllegalStateException naming the result
     */
    public void orThrow() {
        if (this != POSTED) {
            throw new IllegalStateException("request was not posted: " + this);
        }
    }
}
