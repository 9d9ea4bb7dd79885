package io.verbena.mpa;

import java.nio.ByteBuffer;

/**
 * Memory that FPDUs are built in: a staging buffer with the views over it that a gather list needs, made once.
 *
 * <p>Thread rule: one loop.
 */
public final class TransmitArena {
    /** The most runs of octets of one arena that can be in a gather list. */
    static final int MAX_RUNS = 64;

    private final ByteBuffer buffer;
    private final ByteBuffer[] runs = new ByteBuffer[MAX_RUNS];

    /**
     * Makes an arena.
     *
     * @param given big-endian buffer, used only through this arena from now on
     */
    public TransmitArena(ByteBuffer given) {
        buffer = given;
    }

    /** Returns the memory, to be used with absolute indexes. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Returns view {@code number} set to the octets from {@code start} up to {@code end}. */
    ByteBuffer run(int number, int start, int end) {
        ByteBuffer run = runs[number];
        if (run == null) {
            run = buffer.duplicate();
            runs[number] = run;
        }
        return run.limit(end).position(start);
    }
}
