package io.verbena.benchmarks.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/** Answers each octet with a message, written from where it lies. */
final class ResponseHandler extends Serving {
    private final NettyStation station;

    ResponseHandler(NettyStation station) {
        this.station = station;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf arrived = (ByteBuf) message;
        int count = arrived.readableBytes();
        arrived.release();
        for (int i = 0; i < count; i++) {
            context.write(station.message(station.next()));
        }
        context.flush();
    }
}
