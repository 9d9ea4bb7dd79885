/**
 * What a device puts on the wire, taken apart by a second implementation ({@link io.verbena.conformance.raw.RawPeer}), and what
 * it makes of right octets in any chunks.
 */
package io.verbena.testkit.frames;
