package io.verbena.memory;

import io.verbena.memory.AdapterBufferPool.Use;
import java.nio.ByteBuffer;

/**
 * A buffer of the {@link AdapterBufferPool}, with a note of who has it and what for (SYS-POOL-03).
 *
 * <p>Thread rule: the owner's; between owners it passes through the pool's lock.
 */
public final class StagingBuffer {
    /** Owner of a buffer that is free; queue pair numbers are not negative. */
    static final int NOBODY = -1;

    private final AdapterBufferPool pool;
    private final ByteBuffer octets;
    private int owner = NOBODY;
    private Use use;

    StagingBuffer(AdapterBufferPool pool, ByteBuffer octets) {
        this.pool = pool;
        this.octets = octets;
    }

    /**
     * Returns the octets to somebody who wants to transfer some: a direct big-endian buffer, whole after
     * {@link AdapterBufferPool#acquire}, whose position and limit are the owner's.
     *
     * @param queuePair number of the queue pair that asks
     * @param purpose what for
     * @throws IllegalStateException if the buffer was not acquired by that queue pair for that use
     */
    public ByteBuffer octets(int queuePair, Use purpose) {
        if (owner != queuePair || use != purpose) {
            throw new IllegalStateException(
                    "queue pair " + queuePair + " wants a staging buffer for " + purpose + ", but it is " + holder());
        }
        return octets;
    }

    /** Returns the number of the queue pair that has it, or -1. */
    public int owner() {
        return owner;
    }

    /** Returns what it was acquired for, or null if it is free. */
    public Use use() {
        return use;
    }

    AdapterBufferPool pool() {
        return pool;
    }

    void give(int queuePair, Use purpose) {
        owner = queuePair;
        use = purpose;
        octets.clear();
    }

    void take() {
        owner = NOBODY;
        use = null;
    }

    /** Returns who has it, as the end of a sentence. */
    String holder() {
        return owner == NOBODY ? "free" : "queue pair " + owner + "'s for " + use;
    }
}
