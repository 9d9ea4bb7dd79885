/**
 * Raw TCP's ends of the measurements: {@code SocketChannel}, one thread at each end, direct memory, no framing.
 *
 * <p>Called by {@code end}; calls the JDK alone. Start reading at {@link io.verbena.benchmarks.raw.RawSource}.
 */
package io.verbena.benchmarks.raw;
