/**
 * The {@code verbena} command line. {@link io.verbena.examples.Verbena} is its door; each command has a room of its own
 * below: {@code demo}, {@code copy}, {@code rping}, {@code crowd}, {@code info}; {@code sample} holds small programs to read and to begin
 * from, {@code command} what all share.
 *
 * <p>The commands use the verbs alone, as any application would. They own the main thread; what other threads they start
 * says each room's sign.
 */
package io.verbena.examples;
