package io.verbena.benchmarks.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.verbena.benchmarks.end.Throughput;
import io.verbena.benchmarks.raw.Acknowledged;
import io.verbena.benchmarks.row.Workload;

/**
 * Writes messages while the channel is writable and flushes once for a batch. Long messages are written from where they lie,
 * small ones are copied into a pooled buffer each. Ends where an acknowledgement is due, and waits for all of them.
 */
final class SourceHandler extends Measuring {
    private final NettyStation station;
    private final Workload workload;
    private long began;
    private long nanos;
    private long octets;
    private long acknowledged;
    private boolean writing;

    SourceHandler(NettyStation station) {
        this.station = station;
        workload = station.workload();
    }

    @Override
    void begin(ChannelHandlerContext context, long lastingNanos) {
        began = System.nanoTime();
        nanos = lastingNanos;
        octets = 0;
        acknowledged = 0;
        writing = true;
        write(context);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        write(context);
    }

    private void write(ChannelHandlerContext context) {
        while (writing && context.channel().isWritable()) {
            for (int i = 0; i < workload.batch(); i++) {
                context.write(message(context));
            }
            octets += (long) workload.batch() * workload.messageOctets();
            if (octets % Acknowledged.EVERY_OCTETS == 0 && System.nanoTime() - began >= nanos) {
                writing = false;
            }
            context.flush();
        }
    }

    private ByteBuf message(ChannelHandlerContext context) {
        int offset = station.next();
        return workload.counted()
                ? context.alloc()
                        .directBuffer(workload.messageOctets())
                        .writeBytes(station.memory(), offset, workload.messageOctets())
                : station.message(offset);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf arrived = (ByteBuf) message;
        acknowledged += arrived.readableBytes();
        arrived.release();
        if (!writing && acknowledged == octets / Acknowledged.EVERY_OCTETS) {
            finish(Throughput.figures(workload, octets / workload.messageOctets(), System.nanoTime() - began));
        }
    }
}
