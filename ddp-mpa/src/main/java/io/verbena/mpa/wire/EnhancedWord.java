package io.verbena.mpa.wire;

import java.nio.ByteBuffer;

/**
 * The four octets in front of the private data of an enhanced startup frame (RFC 6581 section 9).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+---------------------------+-+-+---------------------------+
 *  |A|B|        IRD (14 bits)      |C|D|        ORD (14 bits)      |
 *  +-+-+---------------------------+-+-+---------------------------+
 * </pre>
 *
 * @param peerToPeer A: the peer-to-peer model is asked for or granted
 * @param sendReady B: a zero-length Send can serve as ready-to-receive message
 * @param inboundReadDepth IRD of the frame's sender, 0 to 0x3FFF
 * @param writeReady C: a zero-length RDMA Write can serve
 * @param readReady D: a zero-length RDMA Read can serve
 * @param outboundReadDepth ORD of the frame's sender, 0 to 0x3FFF
 */
public record EnhancedWord(
        boolean peerToPeer,
        boolean sendReady,
        int inboundReadDepth,
        boolean writeReady,
        boolean readReady,
        int outboundReadDepth) {
    /** Octets of the word. */
    public static final int OCTETS = 4;

    /** Depth that says: this side does not negotiate (RFC 6581 section 9.1). */
    public static final int NO_NEGOTIATION = 0x3FFF;

    /** Largest depth that can be announced. */
    public static final int MAX_DEPTH = 0x3FFE;

    private static final int A = 0x8000_0000;
    private static final int B = 0x4000_0000;
    private static final int IRD_SHIFT = 16;
    private static final int C = 0x8000;
    private static final int D = 0x4000;
    private static final int DEPTH_MASK = 0x3FFF;

    /** Checks that both depths fit in 14 bits. */
    public EnhancedWord {
        requireDepth("IRD", inboundReadDepth);
        requireDepth("ORD", outboundReadDepth);
    }

    /**
     * Tells whether the word is there.
     *
     * @param available octets of private data
     * @return true if {@link #read} may be called
     */
    public static boolean fits(int available) {
        return available >= OCTETS;
    }

    /**
     * Reads a word.
     *
     * @param borrowed big-endian buffer
     * @param offset where the private data starts
     * @return the word
     */
    public static EnhancedWord read(ByteBuffer borrowed, int offset) {
        int word = borrowed.getInt(offset);
        return new EnhancedWord(
                (word & A) != 0,
                (word & B) != 0,
                (word >>> IRD_SHIFT) & DEPTH_MASK,
                (word & C) != 0,
                (word & D) != 0,
                word & DEPTH_MASK);
    }

    /**
     * Writes this word.
     *
     * @param borrowed big-endian buffer
     * @param offset where the private data starts
     */
    public void write(ByteBuffer borrowed, int offset) {
        int word = inboundReadDepth << IRD_SHIFT | outboundReadDepth;
        word |= (peerToPeer ? A : 0) | (sendReady ? B : 0) | (writeReady ? C : 0) | (readReady ? D : 0);
        borrowed.putInt(offset, word);
    }

    private static void requireDepth(String name, int depth) {
        if (depth < 0 || depth > DEPTH_MASK) {
            throw new IllegalArgumentException(name + " " + depth + " is outside 0.." + DEPTH_MASK);
        }
    }
}
