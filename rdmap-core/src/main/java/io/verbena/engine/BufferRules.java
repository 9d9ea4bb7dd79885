package io.verbena.engine;

import io.verbena.memory.AdapterBufferPool;
import io.verbena.verbs.DeviceLimits;
import io.verbena.verbs.DeviceOptions.BufferGrant;
import io.verbena.verbs.QueuePairOptions;

/**
 * The adapter's buffer pool, and what a queue pair may have of it unless its options say otherwise (SYS-POOL-02).
 *
 * @param pool the pool
 * @param buffers buffers that a queue pair may have
 * @param inlineBuffers small buffers that it may have for inline data
 * @param grant when it gets a buffer for an operation that needs several
 */
public record BufferRules(AdapterBufferPool pool, int buffers, int inlineBuffers, BufferGrant grant) {
    /** Returns the rules of a device with these limits. */
    public static BufferRules of(AdapterBufferPool pool, DeviceLimits limits, BufferGrant grant) {
        return new BufferRules(pool, limits.queuePairBuffers(), limits.queuePairInlineBuffers(), grant);
    }

    /** Returns how many buffers a queue pair with these options may have. */
    int buffersOf(QueuePairOptions options) {
        return options.buffers() == 0 ? buffers : options.buffers();
    }

    /** Returns how many small buffers a queue pair with these options may have for inline data. */
    int inlineBuffersOf(QueuePairOptions options) {
        return options.inlineBuffers() == 0 ? inlineBuffers : options.inlineBuffers();
    }
}
