package io.verbena.testkit.memory;

import io.verbena.verbs.MemoryRegion;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A region over the middle of a buffer that is filled with 0xA5, so that one sees whether something else was touched. */
record Guarded(ByteBuffer buffer, MemoryRegion region) {
    static final int GUARD_OCTETS = 64;

    private static final byte FILL = (byte) 0xA5;

    /** Returns a buffer of guard, {@code octets}, guard. */
    static ByteBuffer filled(int octets) {
        byte[] fill = new byte[octets + 2 * GUARD_OCTETS];
        Arrays.fill(fill, FILL);
        return ByteBuffer.allocateDirect(fill.length).put(fill).clear();
    }

    /** Returns the part of {@code whole} between the guards. */
    static ByteBuffer middle(ByteBuffer whole) {
        return whole.slice(GUARD_OCTETS, whole.capacity() - 2 * GUARD_OCTETS);
    }

    /** Tells whether not one octet has changed, guards included. */
    boolean untouched() {
        return untouched(0, buffer.capacity());
    }

    /** Tells whether the guards have not changed. */
    boolean guardsUntouched() {
        return untouched(0, GUARD_OCTETS) && untouched(buffer.capacity() - GUARD_OCTETS, GUARD_OCTETS);
    }

    private boolean untouched(int from, int octets) {
        for (int i = from; i < from + octets; i++) {
            if (buffer.get(i) != FILL) {
                return false;
            }
        }
        return true;
    }

    /** Returns a copy of octets of the region. */
    byte[] octets(int from, int length) {
        byte[] octets = new byte[length];
        buffer.get(GUARD_OCTETS + from, octets);
        return octets;
    }
}
