/**
 * RDMAP (RFC 5040) in Full Operation: which message goes out next, what an inbound message may touch and what it does, in which
 * order requests complete, and how a stream ends.
 *
 * <p>{@link io.verbena.rdmap.RdmapStream} joins both directions, {@code StreamEnd} knows how it ends: {@code OutboundMessages} chooses messages,
 * {@code OutboundMessage} cuts them into segments, {@code TransmitRound} gathers FPDUs for one write; {@code InboundMessages} judges
 * the headers of segments; {@code InboundTaggedMessages}, {@code InboundReadRequests} and {@code InboundSends} check the
 * access and deliver, {@code MemoryPlacement} places payload; {@code InboundAhead} finds places for segments ahead of the stream. {@code Refusals} says for every failed check what the
 * peer hears, how the request completes, and which event is raised.
 *
 * <p>{@code io.verbena.engine} calls in and is called back through {@link io.verbena.rdmap.RdmapUser}. Below are
 * {@code io.verbena.rdmap.wire} (layouts), {@code io.verbena.ddp} and {@code io.verbena.mpa} (the stream),
 * {@code io.verbena.queue} (requests) and {@code io.verbena.memory} (octets).
 *
 * <p>Atomic operations (RFC 7306) share both queues of Reads: {@code MessageSource} asks, {@code InboundAtomicRequests} judges what the
 * peer asks, {@code AtomicResponder} performs it on the device's {@link io.verbena.rdmap.AtomicUnit} and answers, and
 * {@code InboundAtomicResponses} takes the answer. Immediate Data goes with the Sends.
 *
 * <p>Threads: everything belongs to the event loop of its stream; {@link io.verbena.rdmap.LoopResources} is what the streams of
 * one loop share. Start reading at {@link io.verbena.rdmap.RdmapStream}.
 */
package io.verbena.rdmap;
