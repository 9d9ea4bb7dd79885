/**
 * Octet layouts of DDP: control octet, tagged and untagged headers (RFC 5041 section 4).
 *
 * <p>All views start at the DDP control octet, which is the first octet of the ULPDU. Called by {@code io.verbena.ddp},
 * by the layer above it and by decoders; calls nothing. A view belongs to whoever made it and is used by one thread.
 * Start reading at {@link io.verbena.ddp.wire.UntaggedHeader}.
 */
package io.verbena.ddp.wire;
