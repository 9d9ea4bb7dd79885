/**
 * Queue pairs: the states they pass through, as a table, and the table that finds them by number.
 *
 * <p>The device creates and finds queue pairs here; the engine of a queue pair asks
 * {@link io.verbena.queuepair.QueuePairStates} what an event means before it acts. Work queues come from
 * {@code io.verbena.queue}, messages from {@code io.verbena.rdmap}.
 *
 * <p>Threads: the tables serve any thread; the state of a queue pair changes only on its event loop while it is bound to a
 * connection. Start reading at {@link io.verbena.queuepair.QueuePairStates} and its picture in
 * {@code docs/states/queue-pair.md}.
 */
package io.verbena.queuepair;
