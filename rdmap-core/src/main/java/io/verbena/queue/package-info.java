/**
 * The queues of the adapter: where requests wait for the engine and where completions wait for the application.
 *
 * <p>The verbs of a queue pair call in to post ({@link io.verbena.queue.SendQueue}, {@link io.verbena.queue.ReceiveQueue})
 * and ring the {@link io.verbena.queue.Doorbell}; the engine of the queue pair takes requests, frees slots and adds
 * completions; applications poll through {@link io.verbena.queue.SoftCompletionQueue} and sleep on
 * {@link io.verbena.queue.SoftCompletionChannel}. Nothing here knows the wire.
 *
 * <p>Threads: posting and polling from any thread, several at a time; taking from a work queue and freeing its slots only
 * on the event loop that owns the queue pair. Posting, taking and polling neither block nor allocate.
 *
 * <p>Start reading at {@link io.verbena.queue.SendQueue}; why nothing is lost between threads is argued in
 * {@code SlotIndicators}, {@code ServiceOrder} and {@link io.verbena.queue.Doorbell}.
 */
package io.verbena.queue;
