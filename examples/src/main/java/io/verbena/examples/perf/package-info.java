/**
 * {@code verbena perf}: bandwidth and latency of Writes, Reads and Sends between two hosts, as the programs of perftest
 * measure them.
 *
 * <p>A client brings its wishes to the server in the private data of a control connection ({@link
 * io.verbena.examples.perf.PerfParameters}); over it both ends say what comes next ({@link
 * io.verbena.examples.perf.PerfMessage}) and that they are still there. Each end opens a device of its own for what is
 * measured ({@link io.verbena.examples.perf.PerfEnd}), with a data connection for each queue pair. A test of one size is a
 * round: {@link io.verbena.examples.perf.BandwidthLoop} or {@link io.verbena.examples.perf.PingLoop} runs at the client, and
 * {@link io.verbena.examples.perf.ServerSession} runs the other end.
 *
 * <p>Threads: the client has one, the server one for each client. Start reading at
 * {@link io.verbena.examples.perf.PerfClient}.
 */
package io.verbena.examples.perf;
