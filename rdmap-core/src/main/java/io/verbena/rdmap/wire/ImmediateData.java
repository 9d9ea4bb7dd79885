package io.verbena.rdmap.wire;

import java.nio.ByteBuffer;

/**
 * The eight octets of an Immediate Data message, behind the DDP header (RFC 7306 section 6.3). They have no meaning
 * here; a {@code long} in network order is only how they are handed on. Pure functions: any thread.
 */
public final class ImmediateData {
    /** Octets of the message, neither more nor fewer. */
    public static final int OCTETS = 8;

    private ImmediateData() {}

    /**
     * Tells whether a message has the right length.
     *
     * @param messageOctets octets behind the DDP header
     * @return true if they are eight
     */
    public static boolean isLength(long messageOctets) {
        return messageOctets == OCTETS;
    }

    public static long read(ByteBuffer borrowed, int offset) {
        return borrowed.getLong(offset);
    }

    public static void write(ByteBuffer borrowed, int offset, long data) {
        borrowed.putLong(offset, data);
    }
}
