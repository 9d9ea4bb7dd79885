package io.verbena.mpa;

import io.verbena.mpa.wire.EnhancedWord;
import io.verbena.mpa.wire.MpaFrame;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * What the startup frame of the peer says: a Request before it is answered, or a Reply that rejects. An immutable value:
 * any thread.
 *
 * @param revision the revision
 * @param enhanced whether the private data began with the enhanced word
 * @param markersWanted whether the peer needs markers in what we send
 * @param crcWanted whether the peer wants CRCs
 * @param peerToPeer whether the peer asks for the peer-to-peer model
 * @param rtrKinds ready-to-receive messages the peer names; empty unless {@code peerToPeer}
 * @param inboundReadDepth IRD of the peer, 0x3FFF if it does not negotiate, {@link MpaAgreement#NOT_TOLD} if not enhanced
 * @param outboundReadDepth ORD of the peer, 0x3FFF if it does not negotiate, {@link MpaAgreement#NOT_TOLD} if not enhanced
 * @param privateData octets of the peer's user, the enhanced word left out
 */
public record MpaPeerFrame(
        int revision,
        boolean enhanced,
        boolean markersWanted,
        boolean crcWanted,
        boolean peerToPeer,
        Set<RtrKind> rtrKinds,
        int inboundReadDepth,
        int outboundReadDepth,
        PrivateData privateData) {

    /**
     * Reads a complete, valid frame.
     *
     * @param frame the frame
     * @return its content
     */
    static MpaPeerFrame of(MpaFrame frame) {
        ByteBuffer data = ByteBuffer.wrap(frame.privateData());
        if (!frame.enhanced()) {
            return new MpaPeerFrame(
                    frame.revision(),
                    false,
                    frame.markers(),
                    frame.crc(),
                    false,
                    Set.of(),
                    MpaAgreement.NOT_TOLD,
                    MpaAgreement.NOT_TOLD,
                    PrivateData.of(data.array()));
        }
        EnhancedWord word = EnhancedWord.read(data, 0);
        byte[] userData = new byte[data.capacity() - EnhancedWord.OCTETS];
        data.get(EnhancedWord.OCTETS, userData);
        return new MpaPeerFrame(
                frame.revision(),
                true,
                frame.markers(),
                frame.crc(),
                word.peerToPeer(),
                RtrKind.in(word),
                word.inboundReadDepth(),
                word.outboundReadDepth(),
                PrivateData.of(userData));
    }
}
