package io.verbena.benchmarks.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.verbena.benchmarks.end.ClientEnd;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.row.Figures;
import io.verbena.benchmarks.row.Operation;
import io.verbena.benchmarks.row.Shape;
import java.time.Duration;
import java.util.List;

/** The client's end of a stream or of round trips. */
final class NettyClient implements ClientEnd {
    private final NettyStation station;
    private final Measuring handler;
    private Channel channel;

    NettyClient(EndTask task) {
        station = new NettyStation(task);
        boolean reads = task.workload().operation() == Operation.READ;
        if (task.workload().shape() == Shape.PING) {
            handler = new PingHandler(station, reads);
        } else {
            handler = reads ? new ReaderHandler(station) : new SourceHandler(station);
        }
    }

    @Override
    public void connect(List<Integer> ports) {
        channel = new Bootstrap()
                .group(station.loop())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, station.marks())
                .handler(handler)
                .connect(NettyStation.loopback(ports.get(0)))
                .syncUninterruptibly()
                .channel();
    }

    @Override
    public Figures measure(Duration time) throws Exception {
        return handler.measure(channel, time);
    }

    @Override
    public void close() {
        station.close();
    }
}
