/**
 * {@code verbena rping}: the exchange of rping, the ping-pong program that comes with the Linux RDMA libraries, so that
 * either end can be that program.
 *
 * <p>For each ping the client advertises its source buffer with a Send; the server reads it with an RDMA Read and answers
 * with a Send; the client advertises its sink buffer; the server returns the ping with an RDMA Write and answers again.
 *
 * <p>A client runs on the calling thread; a server runs each client on a thread of its own. Start reading at
 * {@link io.verbena.examples.rping.RpingClient}.
 */
package io.verbena.examples.rping;
