/**
 * The async layer: operations that can be awaited with a deadline or be futures, and buffers that are leased to them until
 * they complete. It is built on the public verbs alone, adds no verb, and hides none.
 *
 * <p>Applications call in; this package calls {@link io.verbena.verbs.QueuePair} and polls
 * {@link io.verbena.verbs.CompletionQueue}s. A {@link io.verbena.verbs.async.CompletionDispatcher} has one daemon thread
 * (none on a caller-driven device, where whoever waits drives). Nothing here blocks inside a monitor, so virtual threads
 * wait cheaply.
 *
 * <p>Start reading at {@link io.verbena.verbs.async.AsyncQueuePair}.
 */
package io.verbena.verbs.async;
