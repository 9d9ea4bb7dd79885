/**
 * RDMAP (RFC 5040, RFC 7306): the meaning of messages. Decides what a DDP message does, which answers are due, and which
 * Terminate names a violation.
 *
 * <p>The queue pair engine calls in; {@code io.verbena.rdmap.wire} has the layouts and {@code io.verbena.ddp} carries
 * the messages. Everything with state belongs to the event loop of its stream. Start reading at
 * {@link io.verbena.rdmap.wire.RdmapOpcode}.
 */
package io.verbena.rdmap;
