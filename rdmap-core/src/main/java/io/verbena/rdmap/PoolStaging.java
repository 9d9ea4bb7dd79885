package io.verbena.rdmap;

import io.verbena.memory.AdapterBufferPool;
import io.verbena.memory.StagingBuffer;
import io.verbena.mpa.StagingSource;
import java.nio.ByteBuffer;

/**
 * Staging memory for FPDUs of one stream that have arrived in part, drawn from the adapter's pool in the queue pair's name.
 * At most one buffer at a time.
 *
 * <p>Thread rule: the stream's loop.
 */
final class PoolStaging implements StagingSource {
    private final AdapterBufferPool pool;
    private final int owner;
    private StagingBuffer held;

    PoolStaging(AdapterBufferPool pool, int owner) {
        this.pool = pool;
        this.owner = owner;
    }

    @Override
    public ByteBuffer acquire() {
        held = pool.acquire(owner, AdapterBufferPool.Use.RECEIVE);
        return held == null ? null : held.octets(owner, AdapterBufferPool.Use.RECEIVE);
    }

    @Override
    public void release(ByteBuffer given) {
        pool.release(held, owner);
        held = null;
    }
}
