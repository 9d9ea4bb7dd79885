package io.verbena.benchmarks.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.verbena.benchmarks.end.Throughput;

/** Asks for messages, an octet for each, several ahead, and copies them to their places. */
final class ReaderHandler extends Measuring {
    private final NettyStation station;
    private final Placing placing;
    private long began;
    private long nanos;
    private long messages;
    private int outstanding;

    ReaderHandler(NettyStation station) {
        this.station = station;
        placing = new Placing(station);
    }

    @Override
    void begin(ChannelHandlerContext context, long lastingNanos) {
        began = System.nanoTime();
        nanos = lastingNanos;
        messages = 0;
        outstanding = station.workload().outstanding();
        ask(context, outstanding);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf arrived = (ByteBuf) message;
        int whole = placing.place(arrived);
        arrived.release();
        if (whole == 0) {
            return;
        }
        messages += whole;
        if (System.nanoTime() - began < nanos) {
            ask(context, whole);
            return;
        }
        outstanding -= whole;
        if (outstanding == 0) {
            finish(Throughput.figures(station.workload(), messages, System.nanoTime() - began));
        }
    }

    private static void ask(ChannelHandlerContext context, int count) {
        context.writeAndFlush(context.alloc().directBuffer(count).writeZero(count));
    }
}
