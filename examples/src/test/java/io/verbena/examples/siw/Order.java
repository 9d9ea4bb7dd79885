package io.verbena.examples.siw;

import io.verbena.verbs.RemoteRegion;
import java.nio.ByteBuffer;

/**
 * A message to the peer: what it shall do before it answers. Encoded as {@code struct command} of {@code memory-peer.c}.
 *
 * @param writeOctets octets that it Writes to the start of {@code memory}; or those of the memory it exposes or compares
 * @param readOctets octets that it Reads behind them, and compares with the pattern of {@code seed + 1}
 * @param revoking how it answers
 */
record Order(Kind kind, RemoteRegion memory, int writeOctets, int readOctets, int seed, Revoking revoking) {
    static final int ENCODED_OCTETS = 32;
    private static final RemoteRegion NOWHERE = new RemoteRegion(0, 0, 0);

    /** What it is about; the codes begin with 1. */
    enum Kind {
        USE,
        EXPOSE,
        COMPARE,
        REPORT
    }

    /** Whether the answer is a Send with Invalidate of the memory's STag. */
    enum Revoking {
        NO,
        YES,
        SOLICITED
    }

    /** Writes all of {@code memory} and answers. */
    static Order write(RemoteRegion memory, int seed) {
        return use(memory, (int) memory.lengthOctets(), 0, seed, Revoking.NO);
    }

    /** Reads all of {@code memory}, which holds the pattern of {@code seed + 1}, and answers. */
    static Order read(RemoteRegion memory, int seed) {
        return use(memory, 0, (int) memory.lengthOctets(), seed, Revoking.NO);
    }

    static Order use(RemoteRegion memory, int writeOctets, int readOctets, int seed, Revoking revoking) {
        return new Order(Kind.USE, memory, writeOctets, readOctets, seed, revoking);
    }

    /** Registers {@code octets} octets that hold the pattern of {@code seed}, and tells of them. */
    static Order expose(int octets, int seed) {
        return new Order(Kind.EXPOSE, NOWHERE, octets, 0, seed, Revoking.NO);
    }

    /** Counts the octets of the exposed memory that are not those of the pattern. */
    static Order compare(int octets, int seed) {
        return new Order(Kind.COMPARE, NOWHERE, octets, 0, seed, Revoking.NO);
    }

    /** Tells what was seen on the connection before this one. */
    static Order report() {
        return new Order(Kind.REPORT, NOWHERE, 0, 0, 0, Revoking.NO);
    }

    ByteBuffer encode() {
        return ByteBuffer.allocate(ENCODED_OCTETS)
                .putInt(kind.ordinal() + 1)
                .putInt(memory.stag())
                .putLong(memory.address())
                .putInt(writeOctets)
                .putInt(readOctets)
                .putInt(seed)
                .putInt(revoking.ordinal())
                .flip();
    }
}
