package io.verbena.verbs.cm;

import io.verbena.verbs.FailureCause;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePair;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/**
 * An established connection: what the ends agreed on. It is closed through its queue pair
 * ({@link QueuePair#disconnect}, {@link QueuePair#abort}).
 *
 * <p>Thread rule: any thread.
 */
public interface Connection {
    /** Returns the queue pair bound to it. */
    QueuePair queuePair();

    /** Returns this end's address. */
    InetSocketAddress localAddress();

    /** Returns the peer's address. */
    InetSocketAddress remoteAddress();

    /** Returns a copy of the private data of the peer's request or reply. */
    byte[] privateData();

    /**
     * Returns the Reads the peer accepts at once (its IRD), as its request or reply told them, whatever was made of it here; or
     * {@link ConnectionParameters#DEPTH_NOT_NEGOTIATED}, also where revision 1 of MPA told none (RFC 6581 section 9.1).
     */
    int peerInboundReadDepth();

    /**
     * Returns the Reads the peer may have outstanding (its ORD), as its request or reply told them; or
     * {@link ConnectionParameters#DEPTH_NOT_NEGOTIATED}.
     */
    int peerOutboundReadDepth();

    /** Returns what was agreed. */
    Agreement agreement();

    /**
     * Returns a future that completes when the connection has ended: with null if in good order, else with the cause. It
     * never fails.
     */
    CompletableFuture<FailureCause> closed();

    /**
     * What the ends agreed on.
     *
     * @param initiator whether this end sent the MPA Request
     * @param revision MPA revision in force
     * @param enhanced whether Read depths were exchanged (RFC 6581)
     * @param crc whether CRC is in force
     * @param sendMarkers whether this end puts markers into what it sends
     * @param receiveMarkers whether the peer does
     * @param peerToPeer whether the peer-to-peer model is used
     * @param readyToReceive the opening message this end sent (initiator) or offered (responder), or null
     * @param inboundReadDepth IRD in force here
     * @param outboundReadDepth ORD in force here
     * @param placement when payload is placed here
     * @param mulpduOctets the longest DDP segment this end sends (MULPDU)
     */
    record Agreement(
            boolean initiator,
            int revision,
            boolean enhanced,
            boolean crc,
            boolean sendMarkers,
            boolean receiveMarkers,
            boolean peerToPeer,
            ReadyToReceive readyToReceive,
            int inboundReadDepth,
            int outboundReadDepth,
            PlacementMode placement,
            int mulpduOctets) {}
}
