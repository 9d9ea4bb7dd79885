package io.verbena.transport;

import java.net.InetSocketAddress;

/**
 * A stream on top of another one, which passes everything on: the base of streams that look at what passes.
 *
 * <p>Thread rule: as {@link ByteStream} says.
 */
public abstract class LayeredStream implements ByteStream {
    private final ByteStream below;

    /** Makes a stream on top of {@code below}, which belongs to it from now on. */
    protected LayeredStream(ByteStream below) {
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
        return below.write(lent);
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
