package io.verbena.testkit.cost;

import io.verbena.transport.ByteStream;
import io.verbena.transport.LayeredTransport;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamTransport;

/**
 * A transport whose streams are counted.
 *
 * <p>Thread rule: as {@link StreamTransport} says.
 */
final class CountingTransport extends LayeredTransport {
    private final TransferCounts counts;

    CountingTransport(TransferCounts counts, StreamTransport below) {
        super(below);
        this.counts = counts;
    }

    @Override
    protected StreamHandler layer(ByteStream stream, boolean opener, StreamTaker above) {
        StreamHandler handler = above.take(new CountingStream(counts, stream));
        return handler == null ? null : new CountingHandler(counts, handler);
    }
}
