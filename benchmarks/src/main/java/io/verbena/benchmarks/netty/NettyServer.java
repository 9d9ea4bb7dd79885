package io.verbena.benchmarks.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.ServerEnd;
import io.verbena.benchmarks.end.StopSignal;
import io.verbena.benchmarks.row.Figures;
import io.verbena.benchmarks.row.Operation;
import io.verbena.benchmarks.row.Shape;
import java.net.InetSocketAddress;
import java.util.List;

/** The server's end: one event loop accepts, and serves all connections. */
final class NettyServer implements ServerEnd {
    private static final int BACKLOG = 1024;

    private final NettyStation station;

    NettyServer(EndTask task) {
        station = new NettyStation(task);
    }

    @Override
    public List<Integer> listen() {
        Channel listener = new ServerBootstrap()
                .group(station.loop())
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, station.marks())
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        channel.pipeline().addLast(handler());
                    }
                })
                .bind(NettyStation.loopback(0))
                .syncUninterruptibly()
                .channel();
        return List.of(((InetSocketAddress) listener.localAddress()).getPort());
    }

    private ChannelHandler handler() {
        Shape shape = station.workload().shape();
        boolean reads = station.workload().operation() == Operation.READ;
        if (shape == Shape.CONNECT) {
            return new EchoHandler(station, NettyConnectClient.EXCHANGED_OCTETS, false);
        }
        if (shape == Shape.PING) {
            return new EchoHandler(
                    station,
                    reads ? PingHandler.REQUEST_OCTETS : station.workload().messageOctets(),
                    reads);
        }
        return reads ? new ResponseHandler(station) : new SinkHandler(station);
    }

    @Override
    public void accept() {
        // The event loop accepts.
    }

    @Override
    public Figures serve(StopSignal stop) throws Exception {
        stop.await();
        return new Figures();
    }

    @Override
    public void close() {
        station.close();
    }
}
