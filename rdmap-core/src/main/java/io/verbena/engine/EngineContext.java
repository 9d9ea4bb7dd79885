package io.verbena.engine;

import io.verbena.memory.MemoryTranslationProtectionTable;
import io.verbena.rdmap.AtomicUnit;
import io.verbena.rdmap.LoopResources;
import io.verbena.transport.EventLoop;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.observe.StackEvents;
import java.util.List;
import java.util.function.Consumer;

/**
 * What all queue pairs of a device share.
 *
 * @param deviceName the device's name, for events
 * @param memory the translation and protection table
 * @param buffers the adapter's buffer pool, and what a queue pair may have of it
 * @param atomicUnit where atomic operations are performed
 * @param events who listens to events, or null
 * @param asyncEvents takes asynchronous events; does not block
 * @param resources shared resources of the loops, by loop index
 * @param closeTimeoutNs how long Closing and Terminate may take, in nanoseconds
 */
public record EngineContext(
        String deviceName,
        MemoryTranslationProtectionTable memory,
        BufferRules buffers,
        AtomicUnit atomicUnit,
        StackEvents events,
        Consumer<AsyncEvent> asyncEvents,
        List<LoopResources> resources,
        long closeTimeoutNs) {
    /** Returns the shared resources of {@code loop}. */
    public LoopResources resources(EventLoop loop) {
        return resources.get(loop.index());
    }
}
