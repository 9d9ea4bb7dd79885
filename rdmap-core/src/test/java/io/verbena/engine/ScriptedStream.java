package io.verbena.engine;

import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.GatherList;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A transport that takes as many octets as it was allowed to, and remembers what was done to it. */
final class ScriptedStream implements ByteStream {
    private final EventLoop loop;
    private byte[] written = new byte[4096];
    private int writtenOctets;

    /** Octets it still takes. */
    long allowance = Long.MAX_VALUE;

    /** Whether octets are counted only. */
    boolean forgetful;

    long taken;
    boolean finSent;
    boolean reset;
    boolean closed;
    boolean full;
    Runnable beforeWrite = () -> {};

    ScriptedStream(EventLoop loop) {
        this.loop = loop;
    }

    /** Returns everything that was taken. */
    byte[] written() {
        return Arrays.copyOf(written, writtenOctets);
    }

    @Override
    public long write(GatherList lent) {
        beforeWrite.run();
        if (reset || closed || finSent) {
            throw new AssertionError("written after FIN or reset");
        }
        long octets = 0;
        for (int i = 0; i < lent.count() && allowance > 0; i++) {
            ByteBuffer buffer = lent.buffers()[lent.first() + i];
            int piece = (int) Math.min(allowance, buffer.remaining());
            if (!forgetful) {
                keep(buffer, piece);
            }
            buffer.position(buffer.position() + piece);
            octets += piece;
            allowance -= piece;
        }
        lent.consumed(octets);
        taken += octets;
        full = lent.remaining() > 0;
        return octets;
    }

    private void keep(ByteBuffer from, int octets) {
        if (writtenOctets + octets > written.length) {
            written = Arrays.copyOf(written, 2 * (writtenOctets + octets));
        }
        from.get(from.position(), written, writtenOctets, octets);
        writtenOctets += octets;
    }

    @Override
    public EventLoop loop() {
        return loop;
    }

    @Override
    public InetSocketAddress localAddress() {
        return InetSocketAddress.createUnresolved("here", 1);
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return InetSocketAddress.createUnresolved("there", 2);
    }

    @Override
    public int segmentOctets() {
        return 1460;
    }

    @Override
    public void pauseReading() {
        // The test reads when it likes.
    }

    @Override
    public void resumeReading() {
        // The test reads when it likes.
    }

    @Override
    public void shutdownOutput() {
        finSent = true;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public void reset() {
        reset = true;
    }
}
