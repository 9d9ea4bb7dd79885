package io.verbena.capture;

import io.verbena.transport.ByteStream;
import io.verbena.transport.GatherList;
import io.verbena.transport.LayeredStream;
import java.nio.ByteBuffer;

/**
 * A stream whose sent octets are captured.
 *
 * <p>Thread rule: as {@link ByteStream} says.
 */
final class CapturingStream extends LayeredStream {
    private final CapturedConnection connection;
    private final ByteBuffer passage;
    private final GatherList passing = new GatherList(1);

    CapturingStream(ByteStream below, CapturedConnection connection, ByteBuffer passage) {
        super(below);
        this.connection = connection;
        this.passage = passage;
    }

    @Override
    public long write(GatherList lent) {
        long taken = 0;
        boolean more = lent.remaining() > 0;
        while (more) {
            int offered = fill(lent);
            passing.add(passage);
            int octets = (int) super.write(passing);
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
    public void shutdownOutput() {
        super.shutdownOutput();
        connection.onOutputEnded();
    }

    @Override
    public void close() {
        super.close();
        connection.onClosed();
    }

    @Override
    public void reset() {
        super.reset();
        connection.onReset();
    }
}
