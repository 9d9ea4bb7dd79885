package io.verbena.mpa;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What both sides have agreed on when the startup is over. An immutable value: any thread.
 *
 * @param revision revision of the Reply
 * @param enhanced whether depths and model were exchanged
 * @param crcInUse whether CRCs are generated and checked, in both directions
 * @param markersSent whether we insert markers
 * @param markersReceived whether the peer inserts markers
 * @param peerToPeer whether the first FPDU of the initiator is a ready-to-receive message
 * @param rtrKinds ready-to-receive messages that may be used; empty unless {@code peerToPeer}
 * @param inboundReadDepth our final IRD
 * @param outboundReadDepth our final ORD
 * @param peerInboundReadDepth IRD as the peer announced it, or {@link #NOT_TOLD}
 * @param peerOutboundReadDepth ORD as the peer announced it, or {@link #NOT_TOLD}
 * @param peerPrivateData octets of the peer's user
 */
public record MpaAgreement(
        int revision,
        boolean enhanced,
        boolean crcInUse,
        boolean markersSent,
        boolean markersReceived,
        boolean peerToPeer,
        Set<RtrKind> rtrKinds,
        int inboundReadDepth,
        int outboundReadDepth,
        int peerInboundReadDepth,
        int peerOutboundReadDepth,
        PrivateData peerPrivateData) {
    /** Stands for a depth of the peer when the frames did not carry depths. */
    public static final int NOT_TOLD = -1;

    /** Makes the set of kinds unchangeable. */
    public MpaAgreement {
        EnumSet<RtrKind> kinds = EnumSet.noneOf(RtrKind.class);
        kinds.addAll(rtrKinds);
        rtrKinds = Collections.unmodifiableSet(kinds);
    }

    /**
     * The ready-to-receive message that the initiator has to send.
     *
     * @return its kind, or null in the client-server model
     */
    public RtrKind rtrKind() {
        return RtrKind.preferred(rtrKinds);
    }
}
