/**
 * Layer tests of the engine and of the RDMAP stream it owns, over a transport that the test plays: {@link
 * io.verbena.engine.VirtualLoop} has the time, {@link io.verbena.engine.ScriptedStream} takes as many octets as the test
 * allows, {@link io.verbena.engine.Peer} writes and reads frames. Start reading at {@link io.verbena.engine.Desk}.
 */
package io.verbena.engine;
