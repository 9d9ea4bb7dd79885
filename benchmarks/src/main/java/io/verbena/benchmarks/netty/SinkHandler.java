package io.verbena.benchmarks.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.verbena.benchmarks.raw.Acknowledged;

/** Copies messages to their places, and returns one octet for every so many. */
final class SinkHandler extends Serving {
    private final Placing placing;
    private final int messagesAcknowledged;
    private int messages;

    SinkHandler(NettyStation station) {
        placing = new Placing(station);
        messagesAcknowledged = Acknowledged.EVERY_OCTETS / station.workload().messageOctets();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf arrived = (ByteBuf) message;
        messages += placing.place(arrived);
        arrived.release();
        for (; messages >= messagesAcknowledged; messages -= messagesAcknowledged) {
            context.writeAndFlush(context.alloc().directBuffer(1).writeByte(0));
        }
    }
}
