/**
 * What all commands share: the options for watching and for the wire, the way an address is written, waiting for
 * completions with a bound, threads for peers, and how a failure becomes one line.
 *
 * <p>Called by the commands, calls the verbs. Start reading at
 * {@link io.verbena.examples.command.Completions}.
 */
package io.verbena.examples.command;
