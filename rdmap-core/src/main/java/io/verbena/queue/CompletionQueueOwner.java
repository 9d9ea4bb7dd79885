package io.verbena.queue;

/** What the device learns from its completion queues. Thread rule: called on whatever thread it happens on; do not block. */
public interface CompletionQueueOwner {
    /** A completion did not fit: the first of this queue, later ones are not told again. Called on the adding thread. */
    void onOverflow(SoftCompletionQueue queue);

    /** The queue was closed; its number may be used again. */
    void onClosed(SoftCompletionQueue queue);
}
