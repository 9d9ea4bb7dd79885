/**
 * DDP (RFC 5041) on the way in: reads segments that carry their own place, checks their order, has them placed, and delivers
 * messages. On the way out there is nothing to do but headers, which {@code io.verbena.rdmap} writes with the views of
 * {@code io.verbena.ddp.wire}.
 *
 * <p>{@link io.verbena.ddp.DdpReceiver} is called by the deframer of {@code io.verbena.mpa} and calls the layer above through
 * {@link io.verbena.ddp.DdpUlp}, whose octets it carries unread. Everything with state belongs to the event loop of its stream.
 * What comes ahead of the stream waits in {@link io.verbena.ddp.AheadSegments}. Start reading at {@link io.verbena.ddp.DdpReceiver}, then {@link io.verbena.ddp.DdpError}.
 */
package io.verbena.ddp;
