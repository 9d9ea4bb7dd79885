package io.verbena.examples.copy;

/** Sizes, windows and times of the copy protocol. */
final class CopyLimits {
    /** Octets of one RDMA Write. */
    static final int WRITE_OCTETS = 1 << 20;

    /** Writes that a sender has outstanding. */
    static final int OUTSTANDING_WRITES = 32;

    /** A sender says how far it has come every so many octets. */
    static final long MARK_OCTETS = 64L << 20;

    /** So far a sender runs ahead of the receiver's digest; bounds the messages under way. */
    static final long AHEAD_OCTETS = 16 * MARK_OCTETS;

    /** During slow work a sign of life is sent so often. */
    static final long SIGN_OF_LIFE_NANOS = 2_000_000_000L;

    private CopyLimits() {}
}
