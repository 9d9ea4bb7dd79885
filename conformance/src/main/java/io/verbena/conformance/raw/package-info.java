/**
 * A peer that is not ours: a second, small implementation of MPA, DDP and RDMAP over a plain blocking socket, written from
 * the RFCs alone and sharing no code with the stack, so that an error in the one does not cancel out in the other.
 *
 * <p>Tests and the conformance runner use it to send any octets at any time, right or wrong, and to say what has to come back.
 * It owns no threads; every
 * wait has a deadline. Start reading at {@link io.verbena.conformance.raw.RawPeer}.
 */
package io.verbena.conformance.raw;
