package io.verbena.verbs;

import java.time.Duration;

/**
 * What a thread sleeps on until one of several armed completion queues has something (libibverbs: completion channel).
 *
 * <p>Thread rule: any thread.
 */
public interface CompletionChannel extends AutoCloseable {
    /**
     * Waits until a queue of this channel has notified, and takes that event.
     *
     * @param deadline the longest wait; zero only looks
     * @return the queue, or null if the time passed
     * @throws InterruptedException if the thread was interrupted
     * @throws IllegalStateException if the channel is or gets closed
     */
    CompletionQueue await(Duration deadline) throws InterruptedException;

    /**
     * Closes the channel and wakes who waits on it.
     *
     * @throws ResourceInUseException if completion queues still use it
     */
    @Override
    void close();
}
