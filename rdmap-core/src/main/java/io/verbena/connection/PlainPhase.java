package io.verbena.connection;

import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.GatherList;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamHandler;
import io.verbena.verbs.cm.ConnectionLostException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * A TCP connection in streaming mode (RFC 5044 section 7.1): octets that arrive wait in a bounded buffer, one bounded piece at a
 * time is on its way out. MPA startup takes the connection over by {@link #handOver}, and gives it back by {@link #resume} if
 * it ended with a rejection.
 *
 * <p>Thread rule: what the transport calls and what takes a connection over, the stream's loop; the rest any thread. A lock
 * guards what both sides touch.
 */
final class PlainPhase implements StreamHandler {
    /** How long the peer may take to close its side once the application has closed the stream. */
    private static final long LINGER_NS = 2_000_000_000L;

    private static final int DROP_OCTETS = 1024;

    private final ByteStream bytes;
    private final StreamEntry entry;
    private final int bufferOctets;
    private final PhasedHandler handler = new PhasedHandler(this);
    private final GatherList gather = new GatherList(1);

    private final Object lock = new Object();
    private final UnreadOctets unread;
    private CompletableFuture<Void> change = new CompletableFuture<>();
    private ByteBuffer outgoing;
    private boolean inputEnded;
    private boolean outputEnded;
    private boolean closed;
    private ConnectionLostException failure;

    // The loop's own.
    private ByteBuffer dropped;
    private boolean finSent;
    private EventLoop.Timer linger;

    PlainPhase(ByteStream bytes, StreamEntry entry, int bufferOctets) {
        this.bytes = bytes;
        this.entry = entry;
        this.bufferOctets = bufferOctets;
        unread = new UnreadOctets(bufferOctets);
    }

    /** Returns what the transport talks to, in every phase. */
    PhasedHandler handler() {
        return handler;
    }

    ByteStream bytes() {
        return bytes;
    }

    StreamEntry entry() {
        return entry;
    }

    EventLoop loop() {
        return bytes.loop();
    }

    // ---- the application's side ----

    /** Returns a future that completes when something has changed after this call. */
    CompletableFuture<Void> nextChange() {
        synchronized (lock) {
            return change;
        }
    }

    /**
     * Moves octets that have arrived to {@code borrowed}.
     *
     * @return how many, 0 if there are none now, -1 if there will never be any
     * @throws ConnectionLostException if the connection broke and all was read
     * @throws IllegalStateException if the stream is not plain
     */
    int read(ByteBuffer borrowed) throws ConnectionLostException {
        boolean waitsForRoom;
        int taken;
        synchronized (lock) {
            requirePlainOrFailed();
            waitsForRoom = unread.full();
            taken = unread.take(borrowed);
            if (taken == 0 && borrowed.hasRemaining()) {
                if (failure != null) {
                    throw again(failure);
                }
                return inputEnded ? -1 : 0;
            }
        }
        if (waitsForRoom) {
            onLoop(this::resumeReading);
        }
        return taken;
    }

    /**
     * Takes octets of {@code borrowed} if none are on their way.
     *
     * @return whether all octets given so far are with TCP
     */
    boolean write(ByteBuffer borrowed) throws ConnectionLostException {
        synchronized (lock) {
            requirePlainOrFailed();
            if (failure != null) {
                throw again(failure);
            }
            requireOutput();
            if (outgoing != null) {
                return false;
            }
            if (!borrowed.hasRemaining()) {
                return true;
            }
            int octets = Math.min(bufferOctets, borrowed.remaining());
            outgoing = ByteBuffer.allocate(octets);
            outgoing.put(borrowed.slice(borrowed.position(), octets)).flip();
            borrowed.position(borrowed.position() + octets);
        }
        onLoop(this::flush);
        return false;
    }

    /** Ends the output behind what was written. */
    void endOutput() {
        synchronized (lock) {
            requirePlainOrFailed();
            if (outputEnded || failure != null) {
                return;
            }
            outputEnded = true;
        }
        onLoop(this::flush);
    }

    /**
     * Takes the stream away from the application, because MPA starts.
     *
     * @throws IllegalStateException if MPA has begun before, or cannot begin now
     */
    void beginStartup() throws ConnectionLostException {
        synchronized (lock) {
            requirePlainOrFailed();
            if (failure != null) {
                throw again(failure);
            }
            requireOutput();
            if (outgoing != null) {
                throw new IllegalStateException("MPA cannot begin on the stream " + entry.addresses() + ": "
                        + outgoing.remaining() + " octets that were written before have not been taken by TCP");
            }
            entry.beginStartup();
            signalLocked();
        }
    }

    private void requireOutput() {
        if (outputEnded) {
            throw new IllegalStateException("the output of the stream " + entry.addresses() + " was ended");
        }
    }

    /** What arrived before a stream failed can still be read. */
    private void requirePlainOrFailed() {
        if (closed) {
            throw new IllegalStateException("the stream " + entry.addresses() + " was closed");
        }
        if (failure == null && !entry.plain()) {
            throw new IllegalStateException(entry.whyNotPlain());
        }
    }

    private static ConnectionLostException again(ConnectionLostException first) {
        return new ConnectionLostException(first.getMessage(), first);
    }

    /** Closes a plain stream. Idempotent. */
    void close() {
        synchronized (lock) {
            if (closed || !entry.plain()) {
                return;
            }
            closed = true;
            outputEnded = true;
            unread.clear();
            signalLocked();
        }
        onLoop(this::closeOnLoop);
    }

    /** Runs a task on the loop; if there is none any more, the device was closed, and the stream with it. */
    void onLoop(Runnable task) {
        try {
            loop().execute(task);
        } catch (RejectedExecutionException loopClosed) {
            onFailed(StreamError.TRANSPORT_CLOSED, loopClosed);
        }
    }

    private void signalLocked() {
        CompletableFuture<Void> done = change;
        change = new CompletableFuture<>();
        // Nobody chains anything to it, so completing it under the lock runs no code of others.
        done.complete(null);
    }

    // ---- the loop's side ----

    /**
     * Gives the connection, with everything that arrived and was not read, to {@code startup}.
     *
     * @param begin what {@code startup} does first
     */
    void handOver(StartupPhase startup, Runnable begin) {
        ByteBuffer early;
        boolean ended;
        ConnectionLostException broken;
        synchronized (lock) {
            early = unread.takeAll();
            ended = inputEnded;
            broken = failure;
        }
        handler.enter(startup);
        begin.run();
        startup.takeOver(early);
        if (broken != null) {
            handler.onFailed(StreamError.LOST, broken);
            return;
        }
        if (ended) {
            handler.onEndOfStream();
        }
        bytes.resumeReading();
    }

    /** Breaks the connection: MPA was given up before it had the stream. */
    void breakOff() {
        bytes.reset();
        entry.end();
    }

    /**
     * MPA ended with a rejection: streaming mode again (RFC 5044 section 7.1.2, rules 2 and 3).
     *
     * @param reply a startup frame that is still to be sent, or null; given
     * @param rest octets behind the peer's frame, or null; given
     */
    void resume(ByteBuffer reply, ByteBuffer rest) {
        handler.enter(this);
        synchronized (lock) {
            if (rest != null) {
                unread.put(rest);
            }
            outgoing = reply;
            entry.leaveStartup();
            signalLocked();
        }
        flush();
        bytes.resumeReading();
    }

    private void resumeReading() {
        if (handler.in(this)) {
            bytes.resumeReading();
        }
    }

    private void flush() {
        ByteBuffer octets;
        boolean last;
        synchronized (lock) {
            octets = outgoing;
            last = outputEnded;
        }
        if (!handler.in(this)) {
            return;
        }
        if (octets != null) {
            if (gather.remaining() == 0) {
                gather.clear();
                gather.add(octets);
            }
            bytes.write(gather);
            if (gather.remaining() > 0) {
                return;
            }
            gather.clear();
            synchronized (lock) {
                outgoing = null;
                signalLocked();
            }
        }
        if (last && !finSent) {
            finSent = true;
            bytes.shutdownOutput();
        }
    }

    private void closeOnLoop() {
        if (!handler.in(this)) {
            return;
        }
        boolean over;
        synchronized (lock) {
            over = inputEnded || failure != null;
        }
        linger = loop().schedule(LINGER_NS, this::finish);
        flush();
        if (over && finSent) {
            finish();
        } else {
            bytes.resumeReading();
        }
    }

    private void finish() {
        linger.cancel();
        bytes.close();
        entry.end();
    }

    @Override
    public int targets(ByteBuffer[] lent) {
        synchronized (lock) {
            if (!closed) {
                return unread.targets(lent);
            }
        }
        if (dropped == null) {
            dropped = ByteBuffer.allocate(DROP_OCTETS);
        }
        lent[0] = dropped.clear();
        return 1;
    }

    @Override
    public void onOctets(int octets, boolean filled) {
        synchronized (lock) {
            if (!closed) {
                unread.arrived(octets);
                signalLocked();
            }
        }
    }

    @Override
    public void onReadNothing() {
        // The room is as it was.
    }

    @Override
    public void onReadBurstEnd() {
        // The application answers when it has read.
    }

    @Override
    public void onWritable() {
        flush();
        if (linger != null && finSent && ended()) {
            finish();
        }
    }

    private boolean ended() {
        synchronized (lock) {
            return inputEnded;
        }
    }

    @Override
    public void onEndOfStream() {
        synchronized (lock) {
            inputEnded = true;
            signalLocked();
        }
        if (linger != null && finSent) {
            finish();
        }
    }

    @Override
    public void onFailed(StreamError error, Throwable cause) {
        synchronized (lock) {
            failure =
                    new ConnectionLostException("the stream " + entry.addresses() + " broke: " + error.words(), cause);
            outgoing = null;
            entry.end();
            signalLocked();
        }
        if (linger != null) {
            linger.cancel();
        }
    }
}
