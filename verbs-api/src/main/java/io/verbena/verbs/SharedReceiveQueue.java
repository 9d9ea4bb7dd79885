package io.verbena.verbs;

/**
 * A receive queue that several queue pairs share (verbs: S-RQ). A message takes the next receive of the queue, whichever
 * queue pair it came to; its completion goes to the completion queue of that queue pair.
 *
 * <p>A receive that was drawn is <em>held</em> by its queue pair until it is given back ({@link GiveBack}), and no queue pair
 * holds more than its limit ({@link ReceiveLimits}); what becomes of a message beyond it is said by {@link ReceiveRefusal}. A
 * message that is within the limit and finds no receive on the queue ends its connection, as on a queue of its own (1/2/02).
 *
 * <p>A queue pair uses it from its creation to its end ({@link QueuePairOptions#withSharedReceiveQueue}). It has
 * to be of the queue's protection domain, unless the queue lets others in ({@link SharedReceiveQueueOptions#withOtherDomains()}).
 *
 * <p>Thread rule: any thread.
 */
public interface SharedReceiveQueue extends AutoCloseable {
    /** Returns the number of this queue on its device. */
    int number();

    /** Returns the domain it belongs to. */
    ProtectionDomain protectionDomain();

    /** Returns what it was created with. */
    SharedReceiveQueueOptions options();

    /** Returns all that can be known of it now. */
    SharedReceiveQueueSnapshot query();

    /**
     * Posts a receive. The request is copied; {@code borrowed} is free when this returns.
     *
     * @return {@link PostResult#QUEUE_FULL} if as many receives as its depth wait or are held
     * @throws IllegalArgumentException if it has too many elements
     */
    PostResult postReceive(ReceiveRequest borrowed);

    /** Posts the receives of a batch in their order; returns how many were posted. */
    int postReceive(ReceiveBatch borrowed);

    /**
     * Changes the depth; receives present stay. The limits are asked for again.
     *
     * @param depth 1 to {@link DeviceLimits#maxSharedReceives()}
     * @throws IllegalArgumentException if it is out of range, below what the queue has now or below the watermark, or a limit
     *     is above it; nothing is changed
     */
    void resize(int depth);

    /**
     * Arms the watermark: one {@link AsyncEvent.Kind#SHARED_RECEIVE_QUEUE_LOW} when a message leaves fewer than this many
     * receives waiting ("below", not "at"; VRB-SR-08). Arming again sets another mark. If fewer wait already, the next message
     * that takes one raises it.
     *
     * @param lowWatermark 0 disarms; at most the depth
     * @throws IllegalArgumentException if it is out of range; nothing is changed
     */
    void arm(int lowWatermark);

    /**
     * Arms an event for one queue pair: one {@link AsyncEvent.Kind#RECEIVE_LIMIT_REACHED} when it holds more than this many
     * receives (VRB-SR-11). If it does already, the next message that takes one raises it.
     *
     * @param queuePair uses this queue
     * @param held at least 0
     * @throws IllegalArgumentException if the number is below 0 or the queue pair does not use this queue
     */
    void armHeld(QueuePair queuePair, int held);

    /**
     * Replaces the resource manager; the limits of all queue pairs follow at once. A limit below what a queue pair holds
     * admits nothing to it until enough is given back.
     *
     * @throws IllegalArgumentException if it sets a limit that is not 0 to the depth; nothing is changed
     */
    void limits(ReceiveLimits limits);

    /** Asks the resource manager again, for every queue pair; otherwise as {@link #limits(ReceiveLimits)}. */
    void refreshLimits();

    /**
     * Caps one queue pair: it may hold no more than this, whatever the resource manager allows. Stays until it is set again.
     *
     * @param queuePair uses this queue
     * @param most 0 to the depth; the depth takes the cap away
     * @throws IllegalArgumentException if the number is out of range or the queue pair does not use this queue
     */
    void cap(QueuePair queuePair, int most);

    /**
     * Gives a receive back whose completion was consumed, with {@link GiveBack#BY_APPLICATION}: it no longer counts as held,
     * and its place can be posted to.
     *
     * @param sharedReceive what {@link WorkCompletion#sharedReceive()} returned
     * @throws IllegalStateException if it was given back already, also by the end of its queue pair; or if this queue takes
     *     receives back by itself
     * @throws IllegalArgumentException if it is no receive of this queue
     */
    void giveBack(long sharedReceive);

    /**
     * Destroys the queue. Receives that wait on it vanish without a completion (VRB-SR-12). Idempotent.
     *
     * @throws ResourceInUseException if queue pairs use it; the message names them
     */
    @Override
    void close();
}
