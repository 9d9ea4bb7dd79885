package io.verbena.benchmarks.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * A server's handler: what goes wrong ends its connection, which is the client's to report. Clients reset their connections at
 * the end of a measurement.
 */
abstract class Serving extends ChannelInboundHandlerAdapter {
    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
