/**
 * {@code verbena crowd}: many clients of uneven speed and one hostile client on one server with one shared receive queue,
 * watched while it runs.
 *
 * <p>The rules of the game: the server takes in what has arrived at a steady beat, gives the receives back and tells each
 * client how many of its messages it has ({@link io.verbena.examples.crowd.Service}). A client may have so many messages
 * under way as its credit says, so it never holds more receives than that ({@link io.verbena.examples.crowd.Client}). The
 * hostile client keeps no rule ({@link io.verbena.examples.crowd.HostileClient}): the accounting of the shared receive queue
 * holds it down, and events and monitor say who it is.
 *
 * <p>Both devices live in this JVM, with loops of their own. One thread drives all clients, one is the service, one the
 * hostile client; the command's thread shows what goes on. Start reading at {@link io.verbena.examples.crowd.Round}.
 */
package io.verbena.examples.crowd;
