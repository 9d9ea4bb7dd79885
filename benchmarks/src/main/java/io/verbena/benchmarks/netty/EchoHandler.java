package io.verbena.benchmarks.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/** Answers each request: with the octets that came, or with a message of the walk. */
final class EchoHandler extends Serving {
    private final NettyStation station;
    private final int requestOctets;
    private final boolean answersFromMemory;
    private final ByteBuf request;

    EchoHandler(NettyStation station, int requestOctets, boolean answersFromMemory) {
        this.station = station;
        this.requestOctets = requestOctets;
        this.answersFromMemory = answersFromMemory;
        request = station.memory().alloc().directBuffer(requestOctets);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf arrived = (ByteBuf) message;
        while (arrived.isReadable()) {
            request.writeBytes(arrived, Math.min(arrived.readableBytes(), requestOctets - request.readableBytes()));
            if (request.readableBytes() == requestOctets) {
                answer(context);
                request.clear();
            }
        }
        arrived.release();
    }

    private void answer(ChannelHandlerContext context) {
        if (answersFromMemory) {
            context.writeAndFlush(station.message(station.next()));
            return;
        }
        // As for the others, what comes is placed in the walk, and the answer is sent from there.
        int offset = station.next();
        station.memory().setBytes(offset, request, 0, requestOctets);
        context.writeAndFlush(station.memory().retainedSlice(offset, requestOctets));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        request.release();
    }
}
