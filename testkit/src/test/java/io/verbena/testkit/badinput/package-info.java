/**
 * What a device makes of peers that break the rules: each test shows the reaction on the wire, the one report at the victim
 * with its cause, memory outside the granted range unchanged, another connection that still works, and nothing left behind.
 *
 * <p>{@link io.verbena.testkit.badinput.Victim} sets the scene; the peers are
 * {@link io.verbena.conformance.raw.RawPeer raw}.
 */
package io.verbena.testkit.badinput;
