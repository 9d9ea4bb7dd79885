package io.verbena.connection;

import io.verbena.engine.QueuePairEngine;
import io.verbena.mpa.FpduDeframer;
import io.verbena.mpa.MpaAgreement;
import io.verbena.mpa.MpaParameters;
import io.verbena.mpa.Mulpdu;
import io.verbena.mpa.PrivateData;
import io.verbena.mpa.RtrKind;
import io.verbena.rdmap.StreamModes;
import io.verbena.transport.ByteStream;
import io.verbena.transport.StreamOptions;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ReadyToReceive;
import io.verbena.verbs.cm.SocketOptions;
import java.util.EnumSet;
import java.util.Set;

/** Translates between what the application wishes, what MPA negotiates, and what the engine needs. */
final class Wishes {
    private Wishes() {}

    /** Returns what MPA shall ask for, or answer with. */
    static MpaParameters startup(ConnectionParameters wishes, QueuePairEngine queuePair, boolean enhanced) {
        QueuePairOptions options = queuePair.options();
        int inbound = depth(wishes.inboundReadDepth(), options.inboundReadDepth());
        int outbound = depth(wishes.outboundReadDepth(), queuePair.mostOutboundReads());
        int mostInbound = Math.max(inbound, options.inboundReadDepth());
        return MpaParameters.defaults()
                .withEnhanced(enhanced)
                .withCrcWanted(wishes.crc() && wishes.placement() != PlacementMode.DIRECT)
                .withMarkersWanted(wishes.markers())
                .withReadDepths(inbound, mostInbound, outbound)
                .withNegotiation(
                        wishes.inboundReadDepth() != ConnectionParameters.DEPTH_NOT_NEGOTIATED,
                        wishes.outboundReadDepth() != ConnectionParameters.DEPTH_NOT_NEGOTIATED)
                .withPeerToPeer(enhanced && wishes.peerToPeer(), kinds(wishes.readyToReceive()))
                .withPrivateData(PrivateData.of(wishes.privateData()));
    }

    /** Returns the parameters of a Reply that rejects. */
    static MpaParameters rejection(byte[] privateData, boolean enhanced) {
        return MpaParameters.defaults().withEnhanced(enhanced).withPrivateData(PrivateData.of(privateData));
    }

    private static int depth(int wished, int created) {
        return wished == ConnectionParameters.DEPTH_OF_QUEUE_PAIR || wished == ConnectionParameters.DEPTH_NOT_NEGOTIATED
                ? created
                : Math.min(wished, created);
    }

    private static Set<RtrKind> kinds(Set<ReadyToReceive> wished) {
        if (wished.isEmpty()) {
            return EnumSet.allOf(RtrKind.class);
        }
        Set<RtrKind> kinds = EnumSet.noneOf(RtrKind.class);
        for (ReadyToReceive kind : wished) {
            kinds.add(RtrKind.valueOf(kind.name()));
        }
        return kinds;
    }

    /** Returns how the engine works on the connection. */
    static StreamModes modes(
            boolean initiator,
            MpaAgreement agreement,
            ConnectionParameters wishes,
            ByteStream bytes,
            long closeTimeoutNs) {
        RtrKind opening = null;
        if (initiator) {
            opening = agreement.peerToPeer() ? agreement.rtrKind() : wishes.openingWrite() ? RtrKind.WRITE : null;
        }
        return new StreamModes(
                initiator,
                agreement.crcInUse(),
                agreement.markersSent(),
                agreement.markersReceived(),
                wishes.placement() == PlacementMode.EAGER
                        ? FpduDeframer.Placing.AS_IT_ARRIVES
                        : FpduDeframer.Placing.AFTER_CRC,
                Mulpdu.of(bytes.segmentOctets(), agreement.markersSent()),
                agreement.inboundReadDepth(),
                agreement.outboundReadDepth(),
                opening,
                initiator ? wishes.firstMessageDelay().toNanos() : 0,
                closeTimeoutNs);
    }

    /** Returns the agreement as the application sees it. */
    static Connection.Agreement agreement(StreamModes modes, MpaAgreement agreement, ConnectionParameters wishes) {
        RtrKind kind = agreement.peerToPeer() ? agreement.rtrKind() : null;
        PlacementMode placement = PlacementMode.DIRECT;
        if (agreement.crcInUse()) {
            placement = wishes.placement() == PlacementMode.EAGER ? PlacementMode.EAGER : PlacementMode.VALIDATED;
        }
        return new Connection.Agreement(
                modes.initiator(),
                agreement.revision(),
                agreement.enhanced(),
                agreement.crcInUse(),
                agreement.markersSent(),
                agreement.markersReceived(),
                agreement.peerToPeer(),
                kind == null ? null : ReadyToReceive.valueOf(kind.name()),
                agreement.inboundReadDepth(),
                agreement.outboundReadDepth(),
                placement,
                modes.mulpduOctets());
    }

    /** Returns the options of the TCP connection. */
    static StreamOptions socket(SocketOptions options, long connectTimeoutNs, int backlog) {
        return new StreamOptions(
                options.noDelay(),
                options.sendBufferOctets(),
                options.receiveBufferOctets(),
                options.keepAlive(),
                options.keepAliveIdleSeconds(),
                options.keepAliveIntervalSeconds(),
                options.keepAliveProbes(),
                options.segmentOctets(),
                connectTimeoutNs,
                backlog);
    }

    /**
     * Checks what an initiator wishes, before anything is sent.
     *
     * @throws IllegalArgumentException if the wishes do not fit each other
     */
    static void requirePossible(ConnectionParameters wishes) {
        requireFitting(wishes.privateData().length, wishes.revision() > 1);
        if (wishes.peerToPeer() && wishes.revision() < 2) {
            throw new IllegalArgumentException("the peer-to-peer model needs MPA revision 2");
        }
    }

    /**
     * Checks what can be checked before anything is sent.
     *
     * @throws IllegalArgumentException if the private data does not fit the revision
     */
    static void requireFitting(int privateDataOctets, boolean enhanced) {
        int most = enhanced
                ? ConnectionParameters.MAX_ENHANCED_PRIVATE_DATA_OCTETS
                : ConnectionParameters.MAX_PRIVATE_DATA_OCTETS;
        if (privateDataOctets > most) {
            throw new IllegalArgumentException("private data of " + privateDataOctets + " octets exceeds " + most
                    + (enhanced ? ", the most an enhanced startup frame can carry" : ""));
        }
    }
}
