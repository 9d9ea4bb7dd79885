/**
 * The engine of a queue pair: joins its queues, its state and, while connected, its RDMAP stream.
 *
 * <p>{@link io.verbena.engine.QueuePairEngine} keeps the state and decides; {@code Completions} hands out what has ended, in
 * order, and {@code Flush} ends what no connection will carry out any more.
 *
 * <p>The device creates engines and applications post to them through it; connection management binds streams to them. Below
 * are {@code io.verbena.queue}, {@code io.verbena.queuepair}, {@code io.verbena.memory} and {@code io.verbena.rdmap}.
 *
 * <p>Threads: posting from any thread, the rest on the engine's home loop. Start reading at
 * {@link io.verbena.engine.QueuePairEngine}.
 */
package io.verbena.engine;
