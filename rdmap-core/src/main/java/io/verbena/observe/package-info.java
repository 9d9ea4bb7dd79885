/**
 * Ways to look at the stack: what happens is told as events, and this room turns events into lines, numbers and files.
 *
 * <p>Listeners are called on the event loops of the streams and must neither block nor call back into the verbs. Nothing
 * in the stack depends on what is done here. Start reading at {@link io.verbena.observe.FrameLine}.
 */
package io.verbena.observe;
