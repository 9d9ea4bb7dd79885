package io.verbena.verbs;

/**
 * Where the outcomes of requests wait to be polled. One queue serves any number of send and receive queues.
 *
 * <p>Thread rule: any thread.
 */
public interface CompletionQueue extends AutoCloseable {
    /** Returns the number of this queue on its device. */
    int number();

    /** Returns how many completions fit. */
    int capacity();

    /** Returns how many completions wait now. */
    int size();

    /** Returns a new cursor. */
    CompletionCursor cursor();

    /**
     * Gives up to {@code max} completions to {@code handler}. On a caller-driven device an empty queue makes the device
     * progress first.
     *
     * @return how many were given, 0 to {@code max}
     */
    int poll(int max, CompletionHandler handler);

    /**
     * Arms the queue: one event on its channel when the next matching completion is added (VRB-CQ-07, -08). Arming an
     * armed queue changes nothing, except that {@link Notify#NEXT} replaces {@link Notify#SOLICITED}. To miss nothing: poll
     * until empty, arm, poll again.
     *
     * @throws IllegalStateException if the queue was created without a channel
     */
    void arm(Notify what);

    /**
     * Changes the capacity; completions present stay, in their order.
     *
     * @param capacity new capacity, 1 to {@link DeviceLimits#maxCompletionQueueEntries()}
     * @throws IllegalArgumentException if it is out of range or below what the queue holds now; nothing is changed
     */
    void resize(int capacity);

    /**
     * Destroys the queue.
     *
     * @throws ResourceInUseException if a queue pair still uses it
     */
    @Override
    void close();
}
