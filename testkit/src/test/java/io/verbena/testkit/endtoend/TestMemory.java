package io.verbena.testkit.endtoend;

import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import java.nio.ByteBuffer;

/** A registered buffer whose octets a test can look at. */
record TestMemory(ByteBuffer buffer, MemoryRegion region) {
    /** Registers {@code octets} zeros that the peer may read and write. */
    static TestMemory open(PairEnd end, int octets) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(octets);
        return new TestMemory(
                buffer, end.register(buffer.duplicate(), AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE));
    }

    /** Registers a pattern of {@code octets} that the peer may read and write. */
    static TestMemory pattern(PairEnd end, int octets) {
        TestMemory memory = open(end, octets);
        memory.buffer.put(HexVectors.pattern(octets)).clear();
        return memory;
    }

    /** Returns a copy of {@code length} octets from {@code offset} on. */
    byte[] octets(int offset, int length) {
        byte[] octets = new byte[length];
        buffer.get(offset, octets);
        return octets;
    }

    /** Returns a copy of all octets. */
    byte[] octets() {
        return octets(0, buffer.capacity());
    }
}
