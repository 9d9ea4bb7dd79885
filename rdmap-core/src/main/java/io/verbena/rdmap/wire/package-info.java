/**
 * Octet layouts and code tables of RDMAP (RFC 5040 section 4 and 7, RFC 7306 sections 4 to 6).
 *
 * <p>Views of RDMAP headers start where the DDP header ends. Called by {@code io.verbena.rdmap} and by decoders; builds
 * on {@code io.verbena.ddp.wire}. A view belongs to whoever made it and is used by one thread; the enums are for
 * anybody. Start reading at {@link io.verbena.rdmap.wire.RdmapOpcode}, then
 * {@link io.verbena.rdmap.wire.TerminateReason}.
 */
package io.verbena.rdmap.wire;
