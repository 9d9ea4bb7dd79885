package io.verbena.rdmap;

import io.verbena.memory.AdapterBufferPool;
import io.verbena.memory.StagingBuffer;
import io.verbena.mpa.StagingSource;
import java.nio.ByteBuffer;

/**
 * Staging memory for FPDUs of one stream that have arrived in part, in the queue pair's name: the loop's spare buffer, which
 * the loop replaces from the adapter's pool. At most one buffer at a time.
 *
 * <p>Thread rule: the stream's loop.
 */
final class PoolStaging implements StagingSource {
    private final LoopResources resources;
    private final int owner;
    private StagingBuffer held;

    PoolStaging(LoopResources resources, int owner) {
        this.resources = resources;
        this.owner = owner;
    }

    @Override
    public boolean ready() {
        return resources.spareAtHand();
    }

    @Override
    public ByteBuffer acquire() {
        held = resources.takeSpare(owner);
        return held == null ? null : held.octets(owner, AdapterBufferPool.Use.RECEIVE);
    }

    @Override
    public void release(ByteBuffer given) {
        resources.giveBack(held, owner);
        held = null;
    }
}
