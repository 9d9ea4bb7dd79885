package io.verbena.capture;

import io.verbena.transport.AheadOfStreamHandler;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamHandler;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Stands before a handler and captures the octets that come for it.
 *
 * <p>Thread rule: as {@link StreamHandler} says.
 */
final class CapturingHandler implements AheadOfStreamHandler {
    private final StreamHandler above;
    private final CapturedConnection connection;
    private final ByteBuffer passage;
    private final ByteBuffer[] wanted = new ByteBuffer[MAX_TARGETS];
    private int wantedCount;
    private boolean roomForMore;

    CapturingHandler(StreamHandler above, CapturedConnection connection, ByteBuffer passage) {
        this.above = above;
        this.connection = connection;
        this.passage = passage;
    }

    @Override
    public int targets(ByteBuffer[] lent) {
        wantedCount = above.targets(wanted);
        if (wantedCount == 0) {
            return 0;
        }
        long room = 0;
        for (int i = 0; i < wantedCount; i++) {
            room += wanted[i].remaining();
        }
        roomForMore = room > passage.capacity();
        lent[0] = passage.clear().limit((int) Math.min(room, passage.capacity()));
        return 1;
    }

    @Override
    public void onOctets(int octets, boolean filled) {
        connection.onReceived(passage, octets);
        int given = 0;
        for (int i = 0; given < octets; i++) {
            ByteBuffer to = wanted[i];
            int count = Math.min(to.remaining(), octets - given);
            to.put(to.position(), passage, given, count);
            to.position(to.position() + count);
            given += count;
        }
        forget();
        above.onOctets(octets, filled && !roomForMore);
    }

    private void forget() {
        Arrays.fill(wanted, 0, wantedCount, null);
        wantedCount = 0;
    }

    @Override
    public void onReadNothing() {
        forget();
        above.onReadNothing();
    }

    @Override
    public boolean onAhead(long position, ByteBuffer lent) {
        ByteBuffer seen = lent.duplicate();
        boolean taken = above instanceof AheadOfStreamHandler willing && willing.onAhead(position, lent);
        if (taken) {
            // One that is not taken comes again in its turn.
            connection.onReceivedAhead(position, seen);
        }
        return taken;
    }

    @Override
    public void onStreamReached(long position) {
        connection.onReached(position);
        if (above instanceof AheadOfStreamHandler willing) {
            willing.onStreamReached(position);
        }
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
        connection.onInputEnded();
        above.onEndOfStream();
    }

    @Override
    public void onFailed(StreamError error, Throwable cause) {
        if (error == StreamError.RESET) {
            connection.onResetByPeer();
        } else if (error == StreamError.TRANSPORT_CLOSED) {
            connection.onReset();
        } else {
            connection.end();
        }
        above.onFailed(error, cause);
    }
}
