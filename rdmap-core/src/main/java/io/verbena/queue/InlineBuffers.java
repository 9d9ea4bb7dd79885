package io.verbena.queue;

import io.verbena.memory.AdapterBufferPool;
import io.verbena.memory.PoolSizes;
import io.verbena.memory.StagingBuffer;
import io.verbena.verbs.BufferUse;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The small buffers of the adapter's pool that a queue pair may have for inline data.
 *
 * <p>Thread rule: any thread.
 */
public final class InlineBuffers {
    private static final AtomicIntegerFieldUpdater<InlineBuffers> TAKEN =
            AtomicIntegerFieldUpdater.newUpdater(InlineBuffers.class, "taken");

    private final AdapterBufferPool pool;
    private final int queuePair;
    private final int most;

    @SuppressWarnings("UnusedVariable") // its readers go through TAKEN
    private volatile int taken;

    /**
     * Makes the quota of a queue pair.
     *
     * @param queuePair its number
     * @param most small buffers that it may have at once
     */
    public InlineBuffers(AdapterBufferPool pool, int queuePair, int most) {
        this.pool = pool;
        this.queuePair = queuePair;
        this.most = most;
    }

    /** Returns a pool that serves one queue alone, for a queue without a device. */
    static InlineBuffers alone(int depth, int octets) {
        int size = Math.max(1, octets);
        return new InlineBuffers(new AdapterBufferPool(new PoolSizes(size, size, depth, depth, depth, 0)), 0, depth);
    }

    /** Returns the size of each. */
    int octets() {
        return pool.smallOctets();
    }

    /** Gives one, or null if the quota or the pool is exhausted. */
    StagingBuffer acquire() {
        if (TAKEN.getAndIncrement(this) >= most) {
            TAKEN.getAndDecrement(this);
            return null;
        }
        StagingBuffer buffer = pool.acquireSmall(queuePair, BufferUse.INLINE);
        if (buffer == null) {
            TAKEN.getAndDecrement(this);
        }
        return buffer;
    }

    /** Takes one back; one that is not the queue pair's any more is forgotten. */
    void release(StagingBuffer given) {
        pool.release(given, queuePair);
        TAKEN.getAndDecrement(this);
    }

    /** Returns whether the queue pair may move its inline data into or out of {@code buffer} (SYS-POOL-03). */
    boolean admits(StagingBuffer buffer) {
        if (buffer.admits(queuePair, BufferUse.INLINE.bit())) {
            return true;
        }
        pool.onRefused();
        return false;
    }
}
