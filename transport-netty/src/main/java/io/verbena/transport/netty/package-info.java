/**
 * Real TCP behind the seam of {@code io.verbena.transport}: connect, accept, steered reads, gathering writes.
 *
 * <p>Netty 4.2 supplies handles and interest sets ({@code IoHandle}, {@code NioIoOps}) and queues. Its event loops, channels,
 * pipelines and buffers are not used: a read goes from the socket straight into the buffers that the handler named, a write
 * from the handler's buffers straight into the socket, and a loop is run by its own thread, by a thread that waits for it, or
 * by whoever drives it. Netty types never leave this package.
 *
 * <p>Who calls in: whoever holds a {@link io.verbena.transport.StreamTransport}, found through {@link
 * io.verbena.transport.netty.NioTransportProvider}. Whom it calls: the handlers given to it, always on the loop of the
 * stream. Threads: one daemon thread per background loop, which may lend the loop; none for caller-driven loops.
 *
 * <p>Start reading at {@link io.verbena.transport.netty.NettyStreamTransport}, then {@link
 * io.verbena.transport.netty.NettyEventLoop} and {@link io.verbena.transport.netty.NettyByteStream}.
 */
package io.verbena.transport.netty;
