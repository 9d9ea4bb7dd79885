/**
 * Octet layouts of MPA: startup frames, the enhanced word, FPDUs and markers (RFC 5044, RFC 6581).
 *
 * <p>Views and layout arithmetic only; no state and no decisions live here. Called by {@code io.verbena.mpa} and by
 * decoders of captured streams, calls nothing. A view belongs to whoever made it and is used by one thread. Start
 * reading at {@link io.verbena.mpa.wire.FpduLayout}.
 */
package io.verbena.mpa.wire;
