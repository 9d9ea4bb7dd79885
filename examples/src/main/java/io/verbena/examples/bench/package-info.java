/**
 * The command {@code bench}: measures Verbena beside raw TCP and plain Netty. What is measured, and how, is in the module
 * {@code benchmarks}.
 *
 * <p>Called by the command line, calls {@code io.verbena.benchmarks.run}. Start reading at
 * {@link io.verbena.examples.bench.BenchCommand}.
 */
package io.verbena.examples.bench;
