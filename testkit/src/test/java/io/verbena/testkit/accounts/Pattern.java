package io.verbena.testkit.accounts;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Octets that all messages are pieces of, so that what arrived can be compared without a copy. */
final class Pattern {
    static final int OCTETS = 1 << 16;

    private static final ByteBuffer ALL = ByteBuffer.allocateDirect(OCTETS);

    static {
        byte[] octets = new byte[OCTETS];
        new SplittableRandom(0x5EED).nextBytes(octets);
        ALL.put(0, octets);
    }

    private Pattern() {}

    /** Returns all of it; do not change. */
    static ByteBuffer all() {
        return ALL.duplicate();
    }

    /** Returns a piece of it. */
    static ByteBuffer piece(int offset, int octets) {
        return ALL.slice(offset, octets);
    }
}
