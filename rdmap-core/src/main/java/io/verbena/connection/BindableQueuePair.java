package io.verbena.connection;

import io.verbena.engine.QueuePairEngine;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.cm.Connection;

/** A queue pair of this device as connection management needs it. Any thread. */
public interface BindableQueuePair extends QueuePair {
    /** Returns the engine. */
    QueuePairEngine engine();

    /**
     * Reserves it for one connection attempt.
     *
     * @throws IllegalStateException if it is not in Idle, or another attempt has it
     */
    void reserve();

    /**
     * Remembers how to give up the attempt it is reserved for; used when the queue pair is destroyed or moved
     * to Error meanwhile.
     */
    void onWithdrawn(Runnable giveUp);

    /** Takes back {@link #reserve}. */
    void unreserve();

    /** Remembers the connection it is bound to. */
    void connection(Connection connection);
}
