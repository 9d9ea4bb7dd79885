package io.verbena.verbs;

/**
 * Refills a shared receive queue by itself when it runs low (SYS-SRQ-06). {@link ReceiveSlices} is one.
 *
 * <p>Thread rule: called on the thread on which the device's asynchronous events come, one call at a time for each queue.
 */
@FunctionalInterface
public interface BufferManager {
    /**
     * The queue has fallen below its watermark: posts more receives to it. When this returns the watermark is armed again; if
     * it throws it is not, and the exception goes to the uncaught-exception handler of the thread.
     *
     * @param queue the queue, of which {@link SharedReceiveQueue#query()} tells all
     */
    void refill(SharedReceiveQueue queue);
}
