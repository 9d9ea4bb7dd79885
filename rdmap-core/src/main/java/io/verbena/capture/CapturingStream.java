package io.verbena.capture;

import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.GatherList;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A stream whose sent octets are captured.
 *
 * <p>Thread rule: as {@link ByteStream} says.
 */
final class CapturingStream implements ByteStream {
    private final ByteStream below;
    private final CapturedConnection connection;
    private final ByteBuffer passage;
    private final GatherList passing = new GatherList(1);

    CapturingStream(ByteStream below, CapturedConnection connection, ByteBuffer passage) {
        this.below = below;
        this.connection = connection;
        this.passage = passage;
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
        long taken = 0;
        boolean more = lent.remaining() > 0;
        while (more) {
            int offered = fill(lent);
            passing.add(passage);
            int octets = (int) below.write(passing);
            passing.clear();
            consume(lent, octets);
            connection.onSent(passage, octets);
            taken += octets;
            more = octets == offered && lent.remaining() > 0;
        }
        return taken;
    }

    /** Copies octets from the front of the list; returns how many. */
    private int fill(GatherList lent) {
        passage.clear();
        for (int i = lent.first(); i < lent.first() + lent.count() && passage.hasRemaining(); i++) {
            ByteBuffer from = lent.buffers()[i];
            int octets = Math.min(from.remaining(), passage.remaining());
            passage.put(passage.position(), from, from.position(), octets);
            passage.position(passage.position() + octets);
        }
        passage.flip();
        return passage.limit();
    }

    /** Does to the list what a transport does that has taken so many octets of it. */
    private static void consume(GatherList lent, int octets) {
        int left = octets;
        for (int i = lent.first(); left > 0; i++) {
            ByteBuffer from = lent.buffers()[i];
            int count = Math.min(from.remaining(), left);
            from.position(from.position() + count);
            left -= count;
        }
        lent.consumed(octets);
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
        connection.onOutputEnded();
    }

    @Override
    public void close() {
        below.close();
        connection.onClosed();
    }

    @Override
    public void reset() {
        below.reset();
        connection.onReset();
    }
}
