package io.verbena.connection;

import io.verbena.transport.AheadOfStreamHandler;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamHandler;
import java.nio.ByteBuffer;

/**
 * Hands what the transport says to the present phase of a connection: streaming mode perhaps, startup, then the RDMAP stream.
 *
 * <p>Thread rule: the stream's loop.
 */
final class PhasedHandler implements AheadOfStreamHandler {
    private StreamHandler phase;

    PhasedHandler(StreamHandler first) {
        phase = first;
    }

    void enter(StreamHandler next) {
        phase = next;
    }

    /** Returns whether {@code candidate} is the present phase. */
    boolean in(StreamHandler candidate) {
        return phase == candidate;
    }

    @Override
    public int targets(ByteBuffer[] lent) {
        return phase.targets(lent);
    }

    @Override
    public void onOctets(int octets, boolean filled) {
        phase.onOctets(octets, filled);
    }

    @Override
    public void onReadNothing() {
        phase.onReadNothing();
    }

    /** {@inheritDoc} During startup nothing is taken ahead. */
    @Override
    public boolean onAhead(long position, ByteBuffer lent) {
        return phase instanceof AheadOfStreamHandler willing && willing.onAhead(position, lent);
    }

    @Override
    public void onStreamReached(long position) {
        if (phase instanceof AheadOfStreamHandler willing) {
            willing.onStreamReached(position);
        }
    }

    @Override
    public void onReadBurstEnd() {
        phase.onReadBurstEnd();
    }

    @Override
    public void onWritable() {
        phase.onWritable();
    }

    @Override
    public void onEndOfStream() {
        phase.onEndOfStream();
    }

    @Override
    public void onFailed(StreamError error, Throwable cause) {
        phase.onFailed(error, cause);
    }
}
