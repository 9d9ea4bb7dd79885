/**
 * Connection management: how queue pairs of two hosts find each other. {@link io.verbena.verbs.cm.ConnectionListener} on
 * one side, {@link io.verbena.verbs.Device#connect} on the other, {@link io.verbena.verbs.cm.ConnectionParameters} for what
 * each wishes, {@link io.verbena.verbs.cm.Connection} for what was agreed, and one exception type for each way it can fail.
 * {@link io.verbena.verbs.cm.PlainStream} is a TCP connection on which MPA has not started, and perhaps never will.
 *
 * <p>Applications call in from any thread; every wait has a deadline. Handlers of the application run on the device's event
 * thread. Start reading at {@link io.verbena.verbs.cm.ConnectionParameters}.
 */
package io.verbena.verbs.cm;
