package io.verbena.testkit.cost;

import io.verbena.transport.StreamError;
import io.verbena.transport.StreamHandler;
import java.nio.ByteBuffer;

/**
 * Stands before a handler and counts the reads that bring something for it.
 *
 * <p>Thread rule: as {@link StreamHandler} says.
 */
final class CountingHandler implements StreamHandler {
    private final TransferCounts counts;
    private final StreamHandler above;
    private final ByteBuffer[] targets = new ByteBuffer[MAX_TARGETS];
    private int targetCount;
    private long room;

    CountingHandler(TransferCounts counts, StreamHandler above) {
        this.counts = counts;
        this.above = above;
    }

    @Override
    public int targets(ByteBuffer[] lent) {
        targetCount = above.targets(lent);
        System.arraycopy(lent, 0, targets, 0, targetCount);
        room = registered();
        return targetCount;
    }

    /** Returns the octets of registered memory that the read has not filled. */
    private long registered() {
        long octets = 0;
        for (int i = 0; i < targetCount; i++) {
            octets += counts.registered(targets[i]) ? targets[i].remaining() : 0;
        }
        return octets;
    }

    @Override
    public void onOctets(int octets, boolean filled) {
        counts.reads++;
        counts.read += octets;
        counts.steered += room - registered();
        above.onOctets(octets, filled);
    }

    @Override
    public void onReadNothing() {
        above.onReadNothing();
    }

    @Override
    public void onReadBurstEnd() {
        above.onReadBurstEnd();
    }

    @Override
    public void onWritable() {
        above.onWritable();
    }

    @Override
    public void onEndOfStream() {
        above.onEndOfStream();
    }

    @Override
    public void onFailed(StreamError error, Throwable cause) {
        above.onFailed(error, cause);
    }
}
