package io.verbena.mpa;

import java.nio.ByteBuffer;

/**
 * Where MPA gets memory for an FPDU that has arrived in part.
 *
 * <p>Thread rule: the stream's loop.
 */
public interface StagingSource {
    /**
     * Returns whether {@link #acquire} will have a buffer. Asked before a read that may need one; nobody else's stream gets
     * in between.
     */
    boolean ready();

    /** Returns a cleared big-endian buffer for at least the largest FPDU with its markers, or null if none is to be had. */
    ByteBuffer acquire();

    /** Takes back a buffer that {@link #acquire} gave. */
    void release(ByteBuffer given);
}
