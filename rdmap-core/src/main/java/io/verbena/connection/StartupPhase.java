package io.verbena.connection;

import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.GatherList;
import io.verbena.transport.StreamHandler;
import java.nio.ByteBuffer;

/**
 * What both roles of the startup have in common: a small buffer to read into, frames to write, a deadline, and an end in
 * which the last frame still gets out.
 *
 * <p>Thread rule: the stream's loop.
 */
abstract class StartupPhase implements StreamHandler {
    /** Room for the longest startup frame and some more, so that octets behind it are seen. */
    private static final int BUFFER_OCTETS = 1024;

    /** How long a connection that was refused may take to close. */
    private static final long LINGER_NS = 2_000_000_000L;

    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_OCTETS);
    private final GatherList outgoing = new GatherList(4);
    private ByteStream bytes;
    private StreamEntry entry;
    private int unread;
    private EventLoop.Timer deadline;
    private EventLoop.Timer linger;
    private boolean closing;
    private boolean finSent;
    private boolean ended;

    final ByteStream bytes() {
        return bytes;
    }

    final void attach(ByteStream stream, StreamEntry place) {
        bytes = stream;
        entry = place;
    }

    /** Returns what says to what the connection is bound. */
    final StreamEntry entry() {
        return entry;
    }

    /** Takes octets that had arrived in streaming mode and that the application did not read. */
    final void takeOver(ByteBuffer early) {
        unread = early.remaining();
        if (unread > 0) {
            onStartupOctets(early, unread);
        }
    }

    /** Returns what a failure's message says more, if octets were left unread before MPA. */
    final String aboutUnread() {
        return unread == 0 ? "" : " (" + unread + " octets had arrived and were not read when MPA began)";
    }

    /** Calls {@link #onDeadline} when {@code ns} nanoseconds have passed. */
    final void startDeadline(EventLoop loop, long ns) {
        deadline = loop.schedule(ns, () -> {
            if (!ended) {
                onDeadline();
            }
        });
    }

    /** Writes a frame; what the transport does not take now goes out later. Returns whether it has taken all. */
    final boolean write(ByteBuffer frame) {
        outgoing.add(frame);
        flush();
        return outgoing.remaining() == 0;
    }

    private void flush() {
        if (outgoing.remaining() > 0) {
            bytes.write(outgoing);
        }
        if (outgoing.remaining() == 0) {
            outgoing.clear();
            if (closing && !finSent) {
                finSent = true;
                bytes.shutdownOutput();
            }
        }
    }

    /** The startup is over and somebody else has the stream now. */
    final void handOver() {
        ended = true;
        deadline.cancel();
    }

    /** Closes at once. */
    final void closeNow() {
        if (!ended) {
            handOver();
            if (bytes != null) {
                bytes.close();
                entry.end();
            }
        }
    }

    /** Breaks the connection. */
    final void resetNow() {
        if (!ended) {
            handOver();
            if (bytes != null) {
                bytes.reset();
                entry.end();
            }
        }
    }

    /** Sends FIN behind what was written, waits a while for the peer's, then closes. */
    final void closeInOrder() {
        if (ended) {
            return;
        }
        handOver();
        closing = true;
        entry.end();
        linger = bytes.loop().schedule(LINGER_NS, bytes::close);
        flush();
    }

    /** Returns whether nothing more is to be done with what arrives. */
    final boolean ended() {
        return ended;
    }

    @Override
    public final int targets(ByteBuffer[] lent) {
        lent[0] = buffer.clear();
        return 1;
    }

    @Override
    public final void onOctets(int octets, boolean filled) {
        if (!closing) {
            onStartupOctets(buffer, octets);
        }
    }

    /** So many octets have arrived in {@code octets} from index 0 on. */
    abstract void onStartupOctets(ByteBuffer octets, int count);

    /** The deadline has passed. */
    abstract void onDeadline();

    /** The peer closed or the connection broke before the startup was over. */
    abstract void onGone(String words, Throwable cause);

    @Override
    public void onReadNothing() {
        // The buffer is the same every time.
    }

    @Override
    public void onReadBurstEnd() {
        // Answers are written when they are known.
    }

    @Override
    public void onWritable() {
        flush();
    }

    @Override
    public void onEndOfStream() {
        if (closing) {
            linger.cancel();
            bytes.close();
        } else if (!ended) {
            onGone("the peer closed the connection", null);
        }
    }

    @Override
    public void onFailed(io.verbena.transport.StreamError error, Throwable cause) {
        if (closing) {
            linger.cancel();
        } else if (!ended) {
            onGone(error.words(), cause);
        }
    }

    /** Returns a copy of {@code count} octets from {@code from} on, or null if there are none. */
    static ByteBuffer rest(ByteBuffer octets, int from, int count) {
        if (count == 0) {
            return null;
        }
        byte[] copy = new byte[count];
        octets.get(from, copy);
        return ByteBuffer.wrap(copy);
    }
}
