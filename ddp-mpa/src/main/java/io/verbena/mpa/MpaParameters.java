package io.verbena.mpa;

import io.verbena.mpa.wire.EnhancedWord;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * What one side wants of a connection that is starting. An immutable value: any thread. {@link #defaults()} is where to
 * begin; the {@code with} methods give changed copies.
 *
 * @param enhanced whether depths and the connection model are to be exchanged (revision 2); otherwise revision 1. A
 *     responder follows the Request instead
 * @param markersWanted whether the peer has to insert markers into what it sends to us
 * @param crcWanted whether CRCs are to be used; they are if either side wants them. RFC 5044 section 4.4: off only on
 *     explicit request
 * @param inboundReadDepth IRD wanted: RDMA Reads of the peer that we serve at a time, 0 to 0x3FFE
 * @param maxInboundReadDepth up to where IRD may be raised for the peer's sake, 0 to 0x3FFE
 * @param outboundReadDepth ORD wanted: RDMA Reads that we have outstanding at a time, 0 to 0x3FFE
 * @param negotiateInbound whether IRD may be negotiated; if not, 0x3FFF is announced and the value stays
 * @param negotiateOutbound whether ORD may be negotiated; if not, 0x3FFF is announced and the value stays
 * @param peerToPeer whether the initiator asks for the peer-to-peer model; needs {@code enhanced}; a responder follows
 *     the Request instead
 * @param rtrKinds ready-to-receive messages that we can send as initiator, or understand as responder; at least one
 * @param privateData octets for the user of the peer, at most 512, or 508 in an enhanced frame
 */
public record MpaParameters(
        boolean enhanced,
        boolean markersWanted,
        boolean crcWanted,
        int inboundReadDepth,
        int maxInboundReadDepth,
        int outboundReadDepth,
        boolean negotiateInbound,
        boolean negotiateOutbound,
        boolean peerToPeer,
        Set<RtrKind> rtrKinds,
        PrivateData privateData) {

    // RFC 6581 section 12: a peer that asks for thousands of Reads is not simply given the memory for them.
    private static final int DEFAULT_MAX_INBOUND_READ_DEPTH = 128;

    private static final MpaParameters DEFAULTS = new MpaParameters(
            true,
            false,
            true,
            1,
            DEFAULT_MAX_INBOUND_READ_DEPTH,
            1,
            true,
            true,
            false,
            EnumSet.allOf(RtrKind.class),
            PrivateData.NONE);

    /** Checks every value and that they go together. */
    public MpaParameters {
        requireDepth("IRD", inboundReadDepth);
        requireDepth("maximum IRD", maxInboundReadDepth);
        requireDepth("ORD", outboundReadDepth);
        Objects.requireNonNull(privateData, "privateData");
        if (inboundReadDepth > maxInboundReadDepth) {
            throw new IllegalArgumentException(
                    "IRD " + inboundReadDepth + " is above its own maximum " + maxInboundReadDepth);
        }
        if (peerToPeer && !enhanced) {
            throw new IllegalArgumentException("the peer-to-peer model needs the enhanced startup (revision 2)");
        }
        if (rtrKinds.isEmpty()) {
            throw new IllegalArgumentException("at least one kind of ready-to-receive message has to be supported");
        }
        rtrKinds = Collections.unmodifiableSet(EnumSet.copyOf(rtrKinds));
    }

    /**
     * Enhanced startup, client-server model, CRC on, no markers, one Read each way, up to 128 inbound for a peer that asks,
     * no private data.
     *
     * @return parameters to start from
     */
    public static MpaParameters defaults() {
        return DEFAULTS;
    }

    public MpaParameters withEnhanced(boolean value) {
        return new MpaParameters(
                value,
                markersWanted,
                crcWanted,
                inboundReadDepth,
                maxInboundReadDepth,
                outboundReadDepth,
                negotiateInbound,
                negotiateOutbound,
                peerToPeer,
                rtrKinds,
                privateData);
    }

    public MpaParameters withMarkersWanted(boolean value) {
        return new MpaParameters(
                enhanced,
                value,
                crcWanted,
                inboundReadDepth,
                maxInboundReadDepth,
                outboundReadDepth,
                negotiateInbound,
                negotiateOutbound,
                peerToPeer,
                rtrKinds,
                privateData);
    }

    public MpaParameters withCrcWanted(boolean value) {
        return new MpaParameters(
                enhanced,
                markersWanted,
                value,
                inboundReadDepth,
                maxInboundReadDepth,
                outboundReadDepth,
                negotiateInbound,
                negotiateOutbound,
                peerToPeer,
                rtrKinds,
                privateData);
    }

    /**
     * Changes the read depths and makes both negotiable.
     *
     * @param inbound IRD wanted
     * @param maxInbound up to where IRD may be raised
     * @param outbound ORD wanted
     * @return changed copy
     */
    public MpaParameters withReadDepths(int inbound, int maxInbound, int outbound) {
        return new MpaParameters(
                enhanced,
                markersWanted,
                crcWanted,
                inbound,
                maxInbound,
                outbound,
                true,
                true,
                peerToPeer,
                rtrKinds,
                privateData);
    }

    /**
     * Takes a depth out of the negotiation (RFC 6581 section 9.1, value 0x3FFF).
     *
     * @param inbound whether IRD may be negotiated
     * @param outbound whether ORD may be negotiated
     * @return changed copy
     */
    public MpaParameters withNegotiation(boolean inbound, boolean outbound) {
        return new MpaParameters(
                enhanced,
                markersWanted,
                crcWanted,
                inboundReadDepth,
                maxInboundReadDepth,
                outboundReadDepth,
                inbound,
                outbound,
                peerToPeer,
                rtrKinds,
                privateData);
    }

    /**
     * Chooses the connection model.
     *
     * @param value true for peer-to-peer
     * @param kinds ready-to-receive messages
     * @return changed copy
     */
    public MpaParameters withPeerToPeer(boolean value, Set<RtrKind> kinds) {
        return new MpaParameters(
                enhanced,
                markersWanted,
                crcWanted,
                inboundReadDepth,
                maxInboundReadDepth,
                outboundReadDepth,
                negotiateInbound,
                negotiateOutbound,
                value,
                kinds,
                privateData);
    }

    public MpaParameters withPrivateData(PrivateData value) {
        return new MpaParameters(
                enhanced,
                markersWanted,
                crcWanted,
                inboundReadDepth,
                maxInboundReadDepth,
                outboundReadDepth,
                negotiateInbound,
                negotiateOutbound,
                peerToPeer,
                rtrKinds,
                value);
    }

    private static void requireDepth(String name, int depth) {
        if (depth < 0 || depth > EnhancedWord.MAX_DEPTH) {
            throw new IllegalArgumentException(name + " " + depth + " is outside 0.." + EnhancedWord.MAX_DEPTH);
        }
    }
}
