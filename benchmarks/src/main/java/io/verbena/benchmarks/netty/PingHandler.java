package io.verbena.benchmarks.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.verbena.benchmarks.end.RoundTrips;

/** Sends the next ping when the answer to the last has come. */
final class PingHandler extends Measuring {
    /** Octets that ask for a message where the row is one of RDMA Reads. */
    static final int REQUEST_OCTETS = 28;

    private final NettyStation station;
    private final boolean reads;
    private final Placing placing;
    private final RoundTrips roundTrips = new RoundTrips();
    private int next;
    private long began;
    private long end;

    PingHandler(NettyStation station, boolean reads) {
        this.station = station;
        this.reads = reads;
        placing = new Placing(station);
    }

    @Override
    void begin(ChannelHandlerContext context, long lastingNanos) {
        roundTrips.clear();
        began = System.nanoTime();
        end = began + lastingNanos;
        ping(context);
    }

    private void ping(ChannelHandlerContext context) {
        if (reads) {
            context.writeAndFlush(context.alloc().directBuffer(REQUEST_OCTETS).writeZero(REQUEST_OCTETS));
        } else {
            context.writeAndFlush(station.message(next));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf arrived = (ByteBuf) message;
        int whole = placing.place(arrived);
        arrived.release();
        if (whole == 0) {
            return;
        }
        // The answer has come to where the next ping is sent from: one walk for both.
        next = placing.offset();
        long now = System.nanoTime();
        roundTrips.add(now - began);
        began = now;
        if (now - end < 0) {
            ping(context);
        } else {
            finish(roundTrips.figures());
        }
    }
}
