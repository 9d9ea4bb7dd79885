/**
 * Verbena's ends of the measurements, written against the verbs alone as an application would be.
 *
 * <p>Called by {@code end}; calls {@code verbs-api}. The thread that works drives the device where the row is caller-driven.
 * Start reading at {@link io.verbena.benchmarks.ours.PumpClient}.
 */
package io.verbena.benchmarks.ours;
