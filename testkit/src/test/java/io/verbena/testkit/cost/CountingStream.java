package io.verbena.testkit.cost;

import io.verbena.transport.ByteStream;
import io.verbena.transport.GatherList;
import io.verbena.transport.LayeredStream;
import java.nio.ByteBuffer;

/**
 * A stream whose writes are counted.
 *
 * <p>Thread rule: as {@link ByteStream} says.
 */
final class CountingStream extends LayeredStream {
    private final TransferCounts counts;

    CountingStream(TransferCounts counts, ByteStream below) {
        super(below);
        this.counts = counts;
    }

    @Override
    public long write(GatherList lent) {
        long before = registered(lent);
        long taken = super.write(lent);
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
}
