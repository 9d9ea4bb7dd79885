/**
 * Ways to look at the stack: everything that happens is told as {@link io.verbena.verbs.observe.StackEvents}, and this room turns
 * events into lines and numbers.
 *
 * <p>A device calls {@link io.verbena.observe.FanOutEvents}, which calls the listeners. For people:
 * {@link io.verbena.observe.TraceListener} and {@link io.verbena.observe.LogListener}, with one
 * {@link io.verbena.observe.FrameLine} for each frame. For machines: {@link io.verbena.observe.Counters}, which
 * {@link io.verbena.observe.MicrometerBinder} shows as meters; {@code docs/metrics.md} lists them.
 *
 * <p>Threads: listeners are called where things happen, mostly on event loops, several at once, and must neither block nor call
 * back into the verbs. Nothing in the stack depends on what is done here; without a listener an event costs one branch. Start
 * reading at {@link io.verbena.observe.FrameLine}.
 */
package io.verbena.observe;
