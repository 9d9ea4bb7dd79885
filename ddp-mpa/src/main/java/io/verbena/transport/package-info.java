/**
 * The seam below MPA: an ordered stream of octets, the loop that owns it, and what makes both.
 *
 * <p>A stream protocol (MPA, or a plain application protocol) implements {@link io.verbena.transport.StreamHandler}; a
 * transport (Netty over TCP, the simulator of the test kit, ...) implements {@link io.verbena.transport.ByteStream} and
 * {@link io.verbena.transport.EventLoop}. The seam is <em>steered</em>: before every read the transport asks the handler
 * where the octets shall go, so that payload can travel from the socket into its final place without a copy.
 *
 * <p>What looks at streams without being one, as a capture does, is a {@link io.verbena.transport.LayeredTransport}.
 *
 * <p>A transport that knows the framing, as an MPA-aware TCP does, can also hand up units ahead of the stream, to an
 * {@link io.verbena.transport.AheadOfStreamHandler}.
 *
 * <p>Thread rule: everything of a stream happens on its {@link io.verbena.transport.EventLoop}; the only methods that any
 * thread may call are those of {@link io.verbena.transport.EventLoop} that say so.
 *
 * <p>Only JDK types are used here. Start reading at {@link io.verbena.transport.StreamHandler}.
 */
package io.verbena.transport;
