/**
 * DDP (RFC 5041): cuts messages into segments that carry their own place, and places those that arrive.
 *
 * <p>{@code io.verbena.rdmap} calls in through its own interfaces; {@code io.verbena.ddp.wire} has the layouts and
 * {@code io.verbena.mpa} carries the segments. Everything with state belongs to the event loop of its stream. Start
 * reading at {@link io.verbena.ddp.DdpError} and {@link io.verbena.ddp.wire.UntaggedHeader}.
 */
package io.verbena.ddp;
