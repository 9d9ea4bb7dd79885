package io.verbena.verbs.cm;

import io.verbena.verbs.QueuePair;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/**
 * A peer that wants to connect: its MPA Request has arrived and waits for a decision, which must be made before the
 * listener's startup timeout and exactly once.
 *
 * <p>Thread rule: any thread.
 */
public interface ConnectionRequest {
    /** Returns the peer's address. */
    InetSocketAddress remoteAddress();

    /** Returns a copy of the peer's private data. */
    byte[] privateData();

    /** Returns the MPA revision of the request. */
    int revision();

    /** Returns whether the request carried Read depths (RFC 6581). */
    boolean enhanced();

    /** Returns the Reads the peer accepts at once (its IRD), or {@link ConnectionParameters#DEPTH_NOT_NEGOTIATED}. */
    int peerInboundReadDepth();

    /** Returns the Reads the peer wants to have outstanding (its ORD), or the same. */
    int peerOutboundReadDepth();

    /** Returns whether the peer asks for the peer-to-peer model. */
    boolean peerToPeer();

    /** Returns whether the peer asks for CRC. */
    boolean crc();

    /** Returns whether the peer asks for markers. */
    boolean markers();

    /**
     * Accepts on {@code queuePair}, which must be in Idle, and waits until the connection stands: once the reply is
     * written, or (peer-to-peer) once the peer's first message has arrived.
     *
     * <p>A queue pair should have its receives posted before.
     *
     * @throws ConnectionFailedException if it does not come to stand; the queue pair is in Idle or Error
     * @throws IllegalStateException if the queue pair is not in Idle, or a decision was made before
     * @throws IllegalArgumentException if the private data is too long for the peer's revision
     * @throws InterruptedException if the thread was interrupted
     */
    Connection accept(QueuePair queuePair, ConnectionParameters parameters)
            throws ConnectionFailedException, InterruptedException;

    /** Accepts without waiting; the future fails with {@link ConnectionFailedException}. */
    CompletableFuture<Connection> acceptAsync(QueuePair queuePair, ConnectionParameters parameters);

    /**
     * Rejects with private data for the peer.
     *
     * @param privateData 0 to 512 octets (508 if the request was enhanced); copied
     * @throws IllegalStateException if a decision was made before
     */
    void reject(byte[] privateData);
}
