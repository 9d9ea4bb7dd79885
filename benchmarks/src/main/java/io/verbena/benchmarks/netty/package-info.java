/**
 * Plain Netty's ends of the measurements: NIO, one event loop at each end, handlers as one writes them, flushing once for a
 * batch. What is received is copied to its place in the region.
 *
 * <p>Called by {@code end}; calls Netty. All work is done on the event loop. Start reading at
 * {@link io.verbena.benchmarks.netty.NettyStation}.
 */
package io.verbena.benchmarks.netty;
