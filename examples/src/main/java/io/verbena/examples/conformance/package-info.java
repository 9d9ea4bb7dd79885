/**
 * {@code verbena conformance}: puts an iWARP stack, ours or any other, through the cases of the module {@code conformance}; and
 * is the application that the contract of {@code docs/conformance.md} asks for, so that our stack can be put through them.
 *
 * <p>Called by the command line. The runner stays on the calling thread and touches no verb; the application stands on the
 * verbs alone and serves each connection on a thread of its own. Start reading at
 * {@link io.verbena.examples.conformance.OfferedMemory}.
 */
package io.verbena.examples.conformance;
