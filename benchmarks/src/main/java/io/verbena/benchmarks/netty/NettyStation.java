package io.verbena.benchmarks.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.MemoryWalk;
import io.verbena.benchmarks.row.Workload;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * One end's event loop and memory.
 *
 * <p>Thread rule: the event loop, but for making and closing it.
 */
final class NettyStation implements AutoCloseable {
    private static final int DEFAULT_LOW_OCTETS = 32 << 10;
    private static final long CLOSE_SECONDS = 5;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Workload workload;
    private final ByteBuf memory;
    private final MemoryWalk walk;

    NettyStation(EndTask task) {
        workload = task.workload();
        memory = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(task.effort().regionOctets()));
        walk = new MemoryWalk(memory.capacity(), workload.messageOctets());
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    EventLoopGroup loop() {
        return loop;
    }

    Workload workload() {
        return workload;
    }

    /** Returns the place of the next message in the walk. */
    int next() {
        return walk.next();
    }

    ByteBuf memory() {
        return memory;
    }

    /** Returns the message at {@code offset} without copying it; the caller has to release it. */
    ByteBuf message(int offset) {
        return memory.retainedSlice(offset, workload.messageOctets());
    }

    /** Returns marks that let as much be under way as the row says, and no less than Netty's own. */
    WriteBufferWaterMark marks() {
        int octets = workload.messageOctets() * workload.batch() * workload.outstanding();
        int low = Math.max(DEFAULT_LOW_OCTETS, octets / 2);
        return new WriteBufferWaterMark(low, 2 * low);
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
