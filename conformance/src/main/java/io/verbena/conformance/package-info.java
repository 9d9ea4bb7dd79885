/**
 * The conformance runner: puts any iWARP stack through cases, each a script of what a {@link
 * io.verbena.conformance.raw.RawPeer} sends and what has to come back, and says where the stack differs from the RFCs.
 *
 * <p>The stack under test runs a small application, either role of which is a contract written down in {@code
 * docs/conformance.md}. Nothing here knows our stack. Called by the command line and by tests; everything runs on the caller's
 * thread, and every wait has a deadline. Start reading at {@link io.verbena.conformance.DdpCases}, then {@link
 * io.verbena.conformance.Session}.
 */
package io.verbena.conformance;
