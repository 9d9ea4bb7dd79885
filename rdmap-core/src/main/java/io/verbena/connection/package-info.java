/**
 * Connection management: TCP connect and accept, streaming mode, MPA startup in both roles, and the moment at which a
 * connection is bound to a queue pair.
 *
 * <p>The device calls in; {@code io.verbena.mpa} knows the startup frames, {@code io.verbena.engine} takes the connection
 * over. Each attempt lives on the loop of its TCP connection and has a deadline of its own, so a silent peer holds up
 * nobody. Start reading at {@link io.verbena.connection.ConnectionManager}.
 */
package io.verbena.connection;
