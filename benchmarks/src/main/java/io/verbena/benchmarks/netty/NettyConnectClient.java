package io.verbena.benchmarks.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.verbena.benchmarks.end.ClientEnd;
import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.Patience;
import io.verbena.benchmarks.raw.RawConnectClient;
import io.verbena.benchmarks.row.Figures;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Makes connections, several at once, and exchanges some octets on each. */
final class NettyConnectClient implements ClientEnd {
    static final int EXCHANGED_OCTETS = RawConnectClient.EXCHANGED_OCTETS;

    private static final double NANOS_PER_SECOND = 1e9;

    private final EndTask task;
    private final NettyStation station;
    private final Bootstrap bootstrap;
    private final ChannelGroup made = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final Semaphore free = new Semaphore(RawConnectClient.AT_ONCE);
    private final AtomicInteger established = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    NettyConnectClient(EndTask task) {
        this.task = task;
        station = new NettyStation(task);
        bootstrap = new Bootstrap()
                .group(station.loop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_LINGER, 0)
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(new Exchange());
                    }
                });
    }

    @Override
    public void connect(List<Integer> ports) {
        bootstrap.remoteAddress(NettyStation.loopback(ports.get(0)));
    }

    @Override
    public Figures measure(Duration time) throws Exception {
        established.set(0);
        long began = System.nanoTime();
        int most = task.effort().connections();
        for (int begun = 0; begun < most && System.nanoTime() - began < time.toNanos(); begun++) {
            acquire(1);
            bootstrap.connect().addListener(done -> {
                if (!done.isSuccess()) {
                    failure.compareAndSet(null, done.cause());
                    free.release();
                }
            });
        }
        acquire(RawConnectClient.AT_ONCE);
        long nanos = System.nanoTime() - began;
        free.release(RawConnectClient.AT_ONCE);
        made.close().awaitUninterruptibly(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        return new Figures()
                .with(Figures.VALUE, established.get() * NANOS_PER_SECOND / nanos)
                .with(Figures.OPERATIONS, established.get());
    }

    private void acquire(int permits) throws EndFailedException, InterruptedException {
        boolean acquired = free.tryAcquire(permits, Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (failure.get() != null) {
            throw new EndFailedException("a connection was not made: " + failure.get(), failure.get());
        }
        if (!acquired) {
            throw new EndFailedException("no connection was made in " + Patience.LIMIT.toSeconds() + " s");
        }
    }

    @Override
    public void close() {
        station.close();
    }

    /** Sends octets on a new connection and waits until as many have come back. */
    private final class Exchange extends ChannelInboundHandlerAdapter {
        private int left = EXCHANGED_OCTETS;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            Channel channel = context.channel();
            made.add(channel);
            context.writeAndFlush(context.alloc().directBuffer(EXCHANGED_OCTETS).writeZero(EXCHANGED_OCTETS));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf arrived = (ByteBuf) message;
            left -= arrived.readableBytes();
            arrived.release();
            if (left == 0) {
                established.incrementAndGet();
                free.release();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failure.compareAndSet(null, cause);
            context.close();
        }
    }
}
