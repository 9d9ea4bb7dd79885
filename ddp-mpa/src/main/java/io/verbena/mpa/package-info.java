/**
 * MPA (RFC 5044, RFC 6581): turns DDP segments into framed, checked octets of a TCP stream and back, and opens the
 * connection with the startup exchange.
 *
 * <p>{@link io.verbena.mpa.FpduFramer} is the way out, {@link io.verbena.mpa.FpduDeframer} the way in;
 * {@link io.verbena.mpa.MpaInitiatorStartup} and {@link io.verbena.mpa.MpaResponderStartup} are the two roles of the startup.
 * {@code io.verbena.rdmap} and the connection manager call in; a {@link io.verbena.mpa.SegmentReceiver} is called back.
 * {@code io.verbena.mpa.wire} has the layouts; the stream below is the caller's. Everything here belongs to the event loop of its
 * stream, keeps no clock and starts no thread. Start reading at {@link io.verbena.mpa.FpduDeframer}.
 */
package io.verbena.mpa;
