package io.verbena.testkit.cost;

import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.GatherList;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A stream whose writes are counted.
 *
 * <p>Thread rule: as {@link ByteStream} says.
 */
final class CountingStream implements ByteStream {
    private final TransferCounts counts;
    private final ByteStream below;

    CountingStream(TransferCounts counts, ByteStream below) {
        this.counts = counts;
        this.below = below;
    }

    @Override
    public EventLoop loop() {
        return below.loop();
    }

    @Override
    public InetSocketAddress localAddress() {
        return below.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return below.remoteAddress();
    }

    @Override
    public int segmentOctets() {
        return below.segmentOctets();
    }

    @Override
    public long write(GatherList lent) {
        long before = registered(lent);
        long taken = below.write(lent);
        if (taken > 0) {
            counts.writes++;
            counts.written += taken;
            counts.gathered += before - registered(lent);
        }
        return taken;
    }

    private long registered(GatherList list) {
        long octets = 0;
        for (int i = list.first(); i < list.first() + list.count(); i++) {
            ByteBuffer buffer = list.buffers()[i];
            octets += counts.registered(buffer) ? buffer.remaining() : 0;
        }
        return octets;
    }

    @Override
    public void pauseReading() {
        below.pauseReading();
    }

    @Override
    public void resumeReading() {
        below.resumeReading();
    }

    @Override
    public void shutdownOutput() {
        below.shutdownOutput();
    }

    @Override
    public void close() {
        below.close();
    }

    @Override
    public void reset() {
        below.reset();
    }
}
