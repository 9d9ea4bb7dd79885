/**
 * What happens in the stack, for whoever wants to watch: {@link io.verbena.verbs.observe.StackEvents}, the one interface for it.
 *
 * <p>The engine calls listeners on the threads where things happen; they must be quick, must not block and must not call the
 * verbs. They are given to a device when it is opened ({@link io.verbena.verbs.DeviceOptions#withListener}).
 */
package io.verbena.verbs.observe;
