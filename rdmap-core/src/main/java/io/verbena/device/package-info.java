/**
 * The adapter as a whole: puts the rooms together, keeps the list of what lives on a device, and is what an application holds
 * when it has opened one.
 *
 * <p>Applications call in through {@code io.verbena.verbs}; {@link io.verbena.device.SoftIwarpProvider} is found by
 * ServiceLoader, and finds its transport the same way. This room checks arguments and limits, posts to
 * {@code io.verbena.engine}, registers with {@code io.verbena.memory}, and leaves connecting to {@code io.verbena.connection}.
 *
 * <p>Threads: any thread calls in; a verb that changes a queue pair gives the pair's loop a task and waits for it. The room has
 * one thread of its own, for the application's handlers, and only while there is something to tell. Start reading at
 * {@code SoftDevice}, then {@code SoftQueuePair}.
 */
package io.verbena.device;
