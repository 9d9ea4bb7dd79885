package io.verbena.examples.siw;

import io.verbena.examples.command.CommandFailedException;
import java.nio.ByteBuffer;

/** Octets that say where they belong: the same at both ends. */
final class Pattern {
    /** What memory holds that nobody shall change. */
    static final byte UNTOUCHED = (byte) 0xA5;

    private Pattern() {}

    static byte octet(int seed, int index) {
        return (byte) (seed * 131 + index * 7 + (index >> 8) * 13);
    }

    /** Returns a buffer full of {@link #UNTOUCHED}. */
    static ByteBuffer untouched(int octets) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(octets);
        for (int i = 0; i < octets; i++) {
            buffer.put(i, UNTOUCHED);
        }
        return buffer;
    }

    static void fill(ByteBuffer buffer, int offset, int octets, int seed) {
        for (int i = 0; i < octets; i++) {
            buffer.put(offset + i, octet(seed, i));
        }
    }

    /** Requires that {@code octets} octets from {@code offset} on hold the pattern of {@code seed}. */
    static void require(ByteBuffer buffer, int offset, int octets, int seed) throws CommandFailedException {
        requirePart(buffer, offset, octets, seed, 0);
    }

    /** Requires that {@code octets} octets from {@code offset} on hold the pattern of {@code seed}, from its {@code first} octet on. */
    static void requirePart(ByteBuffer buffer, int offset, int octets, int seed, int first)
            throws CommandFailedException {
        for (int i = 0; i < octets; i++) {
            if (buffer.get(offset + i) != octet(seed, first + i)) {
                throw new CommandFailedException("octet " + i + " of " + octets + " is " + buffer.get(offset + i)
                        + " where the pattern has " + octet(seed, first + i));
            }
        }
    }

    /** Tells whether that is so. */
    static boolean holds(ByteBuffer buffer, int offset, int octets, int seed, int first) {
        for (int i = 0; i < octets; i++) {
            if (buffer.get(offset + i) != octet(seed, first + i)) {
                return false;
            }
        }
        return true;
    }

    static void requireUntouched(ByteBuffer buffer, int from, int to) throws CommandFailedException {
        for (int i = from; i < to; i++) {
            if (buffer.get(i) != UNTOUCHED) {
                throw new CommandFailedException("octet " + i + " was changed, outside the memory that was granted");
            }
        }
    }
}
