/**
 * Real TCP behind the seam of {@code io.verbena.transport}: connect, accept, steered reads, gathering writes.
 *
 * <p>Netty 4.2 supplies the event loop machinery (threads, tasks, timers, and the waiting for sockets through its
 * {@code IoHandler} and {@code IoHandle} interfaces). Its channels, pipelines and buffers are not used: a read goes from
 * the socket straight into the buffers that the handler named, a write from the handler's buffers straight into the
 * socket. Netty types never leave this package.
 *
 * <p>Who calls in: whoever holds a {@link io.verbena.transport.StreamTransport}, found through {@link
 * io.verbena.transport.netty.NioTransportProvider}. Whom it calls: the handlers given to it, always on the loop of the
 * stream. Threads: one daemon thread per background loop; none for caller-driven loops.
 *
 * <p>Start reading at {@link io.verbena.transport.netty.NettyStreamTransport}, then {@link
 * io.verbena.transport.netty.NettyEventLoop} and {@link io.verbena.transport.netty.NettyByteStream}.
 */
package io.verbena.transport.netty;
