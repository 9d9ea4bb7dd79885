package io.verbena.queue;

/**
 * Where a queue pair takes its receives from: a {@link ReceiveQueue} of its own, or its part in a shared one
 * ({@link ReceiveAccount}).
 *
 * <p>Thread rule: the loop that owns the queue pair, except {@link #busy}. What the accessors of a slot return holds from
 * {@link #take()} until the receive completes.
 */
public interface ReceiveSource {
    /** Result of {@link #take}: no receive is posted. */
    int NONE = -1;

    /** Result of {@link #take}: the queue pair may not take one now; it has to drop the message. */
    int DROP_MESSAGE = -2;

    /** Result of {@link #take}: the queue pair may not take one now; it has to drop the connection. */
    int DROP_CONNECTION = -3;

    /** Result of {@link #takeOrWait}: no receive is posted; the queue pair will be called when there is one. */
    int WAIT = -4;

    /** Takes the next receive and returns its slot or one of the negative results. */
    int take();

    /**
     * Does the same, but if no receive is posted the queue pair waits for one. The call comes as a ring of its doorbell, when a
     * receive is there for it or may be; this has then to be called again. It may come without reason.
     */
    int takeOrWait();

    /** The queue pair waits no more. */
    void stopWaiting();

    /**
     * Returns the slot of the receive behind the next {@code before} ones, which stays on the queue, or {@link #NONE} if it is
     * not known which one that will be.
     */
    int peek(int before);

    /** Returns how many receives of the queue pair are on the queue and not complete, or held by it. Any thread; a snapshot. */
    int busy();

    /** Returns the id that the application gave. */
    long id(int slot);

    /** Returns the number of scatter-gather elements. */
    int elementCount(int slot);

    /** Returns the STag of element {@code i}. */
    int stag(int slot, int i);

    /** Returns the address of element {@code i}. */
    long address(int slot, int i);

    /** Returns the length of element {@code i} in octets. */
    long lengthOctets(int slot, int i);

    /** Returns the octets that fit: the sum of the elements. */
    long totalOctets(int slot);
}
