package io.verbena.testkit.cache;

import java.nio.ByteBuffer;

/** Memory with known octets. */
final class Memories {
    private Memories() {}

    /** Fills all of a buffer with a pattern that {@code salt} chooses. */
    static ByteBuffer filled(ByteBuffer memory, int salt) {
        for (int i = 0; i < memory.capacity(); i++) {
            memory.put(i, (byte) (i * 31 + salt));
        }
        return memory;
    }

    /** Returns a new direct buffer with a pattern. */
    static ByteBuffer direct(int octets, int salt) {
        return filled(ByteBuffer.allocateDirect(octets), salt);
    }

    /** Returns a new heap buffer with a pattern. */
    static ByteBuffer heap(int octets, int salt) {
        return filled(ByteBuffer.allocate(octets), salt);
    }
}
