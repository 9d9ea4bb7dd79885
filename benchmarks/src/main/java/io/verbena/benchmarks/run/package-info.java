/**
 * Runs rows: starts a pair of processes for each contender, has them measured in turn, and collects the results.
 *
 * <p>Called by the command line; calls {@code row}, and {@code end} through its commands. One thread runs; each process has a
 * daemon thread that reads its answers. Start reading at {@link io.verbena.benchmarks.run.RowRun}.
 */
package io.verbena.benchmarks.run;
