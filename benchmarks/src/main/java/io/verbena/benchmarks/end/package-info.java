/**
 * One end of a measurement, a server or a client, and how it is commanded: lines of text on standard input, answers on
 * standard output. Knows nothing of what is measured.
 *
 * <p>Called by {@code run} on the commanding side, and by the child process on the other; calls the contenders' ends. Threads:
 * a child has one that reads commands and one that does the work. Start reading at
 * {@link io.verbena.benchmarks.end.EndCommands}.
 */
package io.verbena.benchmarks.end;
