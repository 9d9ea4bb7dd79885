/**
 * Does an operation cost more where there is more? One process, one thread, a device for each count of queue pairs, regions or
 * windows; the devices take turns.
 *
 * <p>Called by the command {@code bench}, calls the verbs. Start reading at {@link io.verbena.benchmarks.scale.ScaleRun}.
 */
package io.verbena.benchmarks.scale;
