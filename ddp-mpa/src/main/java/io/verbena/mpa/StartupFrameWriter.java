package io.verbena.mpa;

import io.verbena.mpa.wire.EnhancedWord;
import io.verbena.mpa.wire.MpaFrame;
import io.verbena.mpa.wire.MpaFrameKind;
import java.nio.ByteBuffer;
import java.util.Set;

/** Puts startup frames together. Pure functions: any thread. */
final class StartupFrameWriter {
    private StartupFrameWriter() {}

    /**
     * Writes a frame.
     *
     * @param kind Request or Reply
     * @param flags flags, without the one that says whether a word follows
     * @param revision the revision
     * @param word enhanced word, or null for an unenhanced frame
     * @param privateData octets of the user
     * @return a new buffer, ready to be read, given to the caller
     */
    static ByteBuffer write(MpaFrameKind kind, int flags, int revision, EnhancedWord word, PrivateData privateData) {
        int wordOctets = word == null ? 0 : EnhancedWord.OCTETS;
        int dataOctets = wordOctets + privateData.lengthOctets();
        if (dataOctets > MpaFrame.MAX_PRIVATE_DATA_OCTETS) {
            throw new IllegalArgumentException("private data has " + privateData.lengthOctets() + " octets, at most "
                    + (MpaFrame.MAX_PRIVATE_DATA_OCTETS - wordOctets) + " fit into this frame");
        }
        ByteBuffer octets = ByteBuffer.allocate(MpaFrame.FIXED_OCTETS + dataOctets);
        new MpaFrame()
                .wrap(octets, 0)
                .kind(kind)
                .flags(word == null ? flags : flags | MpaFrame.ENHANCED)
                .revision(revision)
                .privateDataLength(dataOctets);
        if (word != null) {
            word.write(octets, MpaFrame.PRIVATE_DATA);
        }
        octets.put(MpaFrame.PRIVATE_DATA + wordOctets, privateData.octets());
        return octets;
    }

    /**
     * Flags that say what a side wants.
     *
     * @param parameters its wishes
     * @return M and C
     */
    static int flags(MpaParameters parameters) {
        return (parameters.markersWanted() ? MpaFrame.MARKERS : 0) | (parameters.crcWanted() ? MpaFrame.CRC : 0);
    }

    /**
     * Builds an enhanced word.
     *
     * @param peerToPeer A
     * @param kinds B, C and D; not looked at without A, where RFC 6581 section 9.2 wants zeros
     * @param inbound IRD
     * @param outbound ORD
     * @return the word
     */
    static EnhancedWord word(boolean peerToPeer, Set<RtrKind> kinds, int inbound, int outbound) {
        return new EnhancedWord(
                peerToPeer,
                peerToPeer && kinds.contains(RtrKind.SEND),
                inbound,
                peerToPeer && kinds.contains(RtrKind.WRITE),
                peerToPeer && kinds.contains(RtrKind.READ),
                outbound);
    }
}
