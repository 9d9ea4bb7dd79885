/**
 * MPA (RFC 5044, RFC 6581): turns DDP segments into framed, checked octets of a TCP stream and back, and opens the
 * connection with the startup exchange.
 *
 * <p>{@code io.verbena.ddp} and the connection manager call in; {@code io.verbena.mpa.wire} has the layouts and
 * {@code io.verbena.transport} is the stream below. Everything here belongs to the event loop of its stream, keeps no
 * clock and starts no thread. Start reading at {@link io.verbena.mpa.FpduCrc}, then {@link io.verbena.mpa.MarkerInserter}.
 */
package io.verbena.mpa;
