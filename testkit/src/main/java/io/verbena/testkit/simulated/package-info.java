/**
 * A network that exists in one thread and under a time of its own: devices opened in it speak the same wire as over TCP, but
 * latency, windows, stalls, broken connections and the order of segments are the test's to choose, and a seed replays all
 * of it to the octet.
 *
 * <p>{@link io.verbena.testkit.simulated.SimulatedNetwork} opens devices and moves the time; a
 * {@link io.verbena.testkit.simulated.SimulatedLink} is one connection, and each
 * {@link io.verbena.testkit.simulated.LinkDirection} of it can be stalled, damaged, or (on a link with
 * {@link io.verbena.testkit.simulated.OutOfOrder}) scripted FPDU by FPDU. Below them stand the parts of a transport: loops,
 * streams, an agenda. The thread that first drives the network owns all of it. Start reading at
 * {@link io.verbena.testkit.simulated.SimulatedNetwork}.
 */
package io.verbena.testkit.simulated;
