/**
 * What tests of RDMA programs need, ours and our users': two connected devices in one line, a raw peer that misbehaves on
 * demand, seeds that can be replayed, a meter for allocation.
 *
 * <p>Everything runs over loopback TCP on free ports, waits for conditions and never for time, and closes what it opened; a
 * {@link io.verbena.testkit.DevicePair} fails the test that leaks. The test's own thread does the work; the devices bring
 * their loops unless they are caller-driven. Start reading at {@link io.verbena.testkit.ConnectedPair}, then
 * {@link io.verbena.conformance.raw.RawPeer}.
 */
package io.verbena.testkit;
