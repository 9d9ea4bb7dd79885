/**
 * What is measured: the rows, whom they are measured for, what each does, its budget, and how results are shown.
 *
 * <p>Called by {@code run} and by the command line; calls nobody. Start reading at
 * {@link io.verbena.benchmarks.row.BenchRow}.
 */
package io.verbena.benchmarks.row;
