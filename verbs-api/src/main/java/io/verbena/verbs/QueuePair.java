package io.verbena.verbs;

import io.verbena.verbs.cm.Connection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A send queue and a receive queue that are bound to a connection while in {@link QueuePairState#RTS}.
 *
 * <p>It gets there through connection management: {@link Device#connect} or
 * {@link io.verbena.verbs.cm.ConnectionRequest#accept}.
 *
 * <p>Thread rule: any thread. A request whose post returned before the post of another began is processed before it.
 */
public interface QueuePair extends AutoCloseable {
    /** Returns the number of this queue pair on its device. */
    int number();

    /** Returns the domain it belongs to. */
    ProtectionDomain protectionDomain();

    /** Returns the state. */
    QueuePairState state();

    /** Returns all that can be known of it now. */
    QueuePairSnapshot query();

    /**
     * Returns the registers of the send queue and the indicator of every slot, as they were just now (SYS-WQ-05). In every
     * state; it stops nobody, and posting and service pay nothing for it.
     */
    WorkQueueSnapshot querySendQueue();

    /**
     * Returns the same of the receive queue.
     *
     * @throws IllegalStateException if it has none of its own but a {@linkplain SharedReceiveQueue shared} one
     */
    WorkQueueSnapshot queryReceiveQueue();

    /** Returns what it was created with. */
    QueuePairOptions options();

    /** Returns the connection it is or was last bound to, or null. */
    Connection connection();

    /**
     * Posts a request and rings the doorbell. The request is copied; {@code borrowed} is free when this returns. In
     * {@link QueuePairState#IDLE} it waits for the connection.
     *
     * @throws IllegalArgumentException if the request can never work: too many elements, a Read with other than one element, an
     *     atomic operation with other than one element of 8 octets, inline octets where there can be none or beyond the limit,
     *     a total above 2^32 - 1, memory prepared on another device or for an operation that cannot expose it
     */
    PostResult postSend(SendRequest borrowed);

    /**
     * Posts the requests of a batch in their order and rings the doorbell once.
     *
     * @return how many were posted; the first that was not, and all behind it, left no trace
     * @throws IllegalArgumentException if a request can never work; the message names its index, and those before it were
     *     posted
     */
    int postSend(SendBatch borrowed);

    /**
     * Posts a receive. Messages use receives in the order of posting.
     *
     * @throws IllegalArgumentException if it has too many elements
     * @throws IllegalStateException if its receives come from a {@linkplain SharedReceiveQueue shared receive queue}: they are
     *     posted there (VRB-SR-01)
     */
    PostResult postReceive(ReceiveRequest borrowed);

    /** Posts the receives of a batch in their order; returns how many were posted. */
    int postReceive(ReceiveBatch borrowed);

    /**
     * Modifies the queue pair: asks for a transition of the state machine.
     *
     * <p>Allowed: from Idle to Idle or Error; from RTS to RTS, Closing, Terminate, Error; from Error to Idle once all is
     * flushed. Returns when the state was reached (it may have been left again).
     *
     * @throws IllegalStateException if the transition is not allowed from the present state, or (Error to Idle) something is
     *     still being flushed; nothing was changed
     */
    void modify(QueuePairState next);

    /**
     * Returns whether the send queue is drained: a memory operation failed under
     * {@link RegistrationFailurePolicy#REACTIVE}, and send requests are flushed until {@link #resumeSendQueue()} or the end of
     * the connection. The cause of each flushed request names the one that failed.
     */
    boolean sendQueueDrained();

    /**
     * Puts a drained send queue back to work: what is posted from now on is processed, on the same connection. What was posted
     * before is still flushed. Does nothing if it is not drained.
     *
     * @throws IllegalStateException if the queue pair is not in {@link QueuePairState#RTS}
     */
    void resumeSendQueue();

    /**
     * Lowers the number of own Reads that may be outstanding (ORD), in Idle and RTS. It holds for the connection that there is
     * and for all later ones, which may get less by negotiation but never more.
     *
     * @param depth 0 to the present value
     * @throws IllegalArgumentException if it is out of range
     * @throws IllegalStateException in another state
     */
    void lowerOutboundReadDepth(int depth);

    /**
     * Disconnects gracefully: waits until all requests of the send queue have completed (flushed ones of a {@linkplain
     * #sendQueueDrained drained} queue, too), then closes the connection in order (FIN). When the
     * time is over it is aborted instead. Does nothing if there is no connection. Returns when the queue pair is Idle or
     * Error.
     *
     * @param deadline the longest wait, above zero
     * @return whether the connection ended in good order
     * @throws InterruptedException if the thread was interrupted; the disconnect goes on
     */
    boolean disconnect(Duration deadline) throws InterruptedException;

    /** Starts what {@link #disconnect} does without waiting; the future never fails. */
    CompletableFuture<Boolean> disconnectAsync(Duration deadline);

    /**
     * Aborts: breaks the connection at once (RST) and flushes. Unlike {@code modify(ERROR)} it is possible in every state; it
     * does nothing in Error.
     */
    void abort();

    /**
     * Destroys the queue pair, from any state; windows that it alone could use become invalid; a connection that still stands is
     * broken. Afterwards no new completion of it appears; requests that were not complete vanish (VRB-QP-06). Idempotent.
     */
    @Override
    void close();
}
