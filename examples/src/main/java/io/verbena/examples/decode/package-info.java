/**
 * {@code verbena decode}: captured iWARP traffic, one line for each frame. Start with
 * {@link io.verbena.examples.decode.DecodeCommand}; what it does with the octets is in {@code io.verbena.capture.decode}. One
 * thread.
 */
package io.verbena.examples.decode;
