package io.verbena.testkit.simulated;

import io.verbena.transport.AheadOfStreamHandler;
import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.GatherList;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * One end of a simulated connection. What has arrived waits in an inbox, like in a socket, until the handler wants it.
 *
 * <p>Thread rule: as {@link ByteStream} says.
 */
final class SimulatedStream implements ByteStream {
    private static final int MAX_READS_PER_BURST = 16;

    private final SimulatedTransport transport;
    private final InetSocketAddress localAddress;
    private final InetSocketAddress remoteAddress;
    private final int segmentOctets;
    private final LinkDirection outgoing;
    private final LinkDirection incoming;
    private final Deque<Arrival> inbox = new ArrayDeque<>();
    private final ByteBuffer[] targets = new ByteBuffer[StreamHandler.MAX_TARGETS];
    private StreamHandler handler;
    private boolean paused;
    private boolean withoutTargets;
    private boolean reading;
    private boolean readPlanned;
    private boolean outputFull;
    private boolean outputEnded;
    private boolean inputEnded;
    private boolean closed;
    private boolean resetSent;

    SimulatedStream(
            SimulatedTransport transport,
            InetSocketAddress localAddress,
            InetSocketAddress remoteAddress,
            int segmentOctets,
            LinkDirection outgoing,
            LinkDirection incoming) {
        this.transport = transport;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
        this.segmentOctets = segmentOctets;
        this.outgoing = outgoing;
        this.incoming = incoming;
    }

    /** Lets {@code acceptor} decide about this end, which was connected to. */
    void accept(StreamTransport.AcceptHandler acceptor) {
        transport.opened(this);
        try {
            StreamHandler accepted = acceptor.onAccepted(this);
            if (accepted == null) {
                close();
            } else {
                start(accepted);
            }
        } catch (Throwable failure) {
            reset();
            SimulatedEventLoop.onUncaught(failure);
        }
    }

    void start(StreamHandler first) {
        handler = first;
        planRead();
    }

    // ---- what the handler asks for ----

    @Override
    public EventLoop loop() {
        return transport.loop();
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public int segmentOctets() {
        return segmentOctets;
    }

    @Override
    public long write(GatherList lent) {
        if (outputEnded) {
            throw new IllegalStateException("write after shutdownOutput on the stream to " + remoteAddress);
        }
        if (closed || outputFull) {
            return 0;
        }
        int octets = (int) Math.min(outgoing.room(), lent.remaining());
        if (octets > 0) {
            outgoing.send(gather(lent, octets));
            lent.consumed(octets);
        }
        outputFull = lent.remaining() > 0;
        return octets;
    }

    private static byte[] gather(GatherList lent, int octets) {
        byte[] copy = new byte[octets];
        int done = 0;
        for (int i = lent.first(); done < octets; i++) {
            ByteBuffer buffer = lent.buffers()[i];
            int piece = Math.min(buffer.remaining(), octets - done);
            buffer.get(copy, done, piece);
            done += piece;
        }
        return copy;
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
        withoutTargets = false;
        planRead();
    }

    @Override
    public void shutdownOutput() {
        if (!outputEnded && !closed) {
            outputEnded = true;
            outputFull = false;
            outgoing.sendFin();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        // Closing with unread input makes TCP send a reset.
        boolean unread = inbox.stream().anyMatch(arrival -> arrival.kind() == Arrival.Kind.OCTETS);
        end();
        if (unread) {
            sendReset();
        } else if (!outputEnded) {
            outputEnded = true;
            outgoing.sendFin();
        }
    }

    @Override
    public void reset() {
        if (!closed) {
            end();
            sendReset();
        }
    }

    private void sendReset() {
        if (!resetSent) {
            resetSent = true;
            outgoing.sendReset();
        }
    }

    private void end() {
        closed = true;
        inbox.clear();
        transport.forget(this);
    }

    void onTransportClosed(IOException cause) {
        reset();
        tellFailed(StreamError.TRANSPORT_CLOSED, cause);
    }

    // ---- what arrives ----

    /** The next octets of the stream have arrived. */
    void onSegment(byte[] octets) {
        if (closed) {
            // TCP answers octets for which there is no socket any more.
            sendReset();
            return;
        }
        inbox.add(Arrival.octets(octets));
        readBurst();
    }

    /** An FPDU has arrived ahead of the stream; returns whether the handler takes it. */
    boolean onAhead(AheadOfStreamHandler willing, long position, ByteBuffer lent) {
        boolean[] taken = new boolean[1];
        guarded(() -> taken[0] = willing.onAhead(position, lent));
        return taken[0];
    }

    /** The stream has gone on, without a gap, over FPDUs that were handed up before. */
    void onReached(long position, int octets) {
        if (!closed) {
            inbox.add(Arrival.reached(position, octets));
            readBurst();
        }
    }

    void onFin() {
        if (!closed) {
            inbox.add(Arrival.fin());
            readBurst();
        }
    }

    void onReset() {
        if (closed) {
            return;
        }
        resetSent = true;
        readBurst();
        fail(StreamError.RESET, new IOException("connection reset by the simulated peer"));
    }

    /** The peer's side has taken octets. */
    void onRoom() {
        if (!closed && outputFull && outgoing.room() > 0) {
            outputFull = false;
            guarded(handler::onWritable);
        }
    }

    /** Returns who takes octets now, or null if nobody does. */
    StreamHandler readyHandler() {
        return wantsInput() ? handler : null;
    }

    private boolean wantsInput() {
        return !closed && handler != null && !paused && !withoutTargets && !inputEnded;
    }

    private void planRead() {
        if (!readPlanned && !inbox.isEmpty() && wantsInput()) {
            readPlanned = true;
            incoming.now(() -> {
                readPlanned = false;
                readBurst();
            });
        }
    }

    private void readBurst() {
        if (reading || !wantsInput()) {
            return;
        }
        reading = true;
        try {
            guarded(this::readWhatIsThere);
        } finally {
            reading = false;
        }
        planRead();
    }

    private void readWhatIsThere() {
        long octetsTaken = 0;
        boolean ended = false;
        for (int reads = 0; reads < MAX_READS_PER_BURST && wantsInput() && !inbox.isEmpty() && !ended; reads++) {
            Arrival next = inbox.element();
            switch (next.kind()) {
                case OCTETS -> {
                    int octets = readOnce();
                    octetsTaken += octets;
                }
                case REACHED -> {
                    inbox.remove();
                    octetsTaken += next.length();
                    ((AheadOfStreamHandler) handler).onStreamReached(next.position());
                }
                case FIN -> {
                    inbox.remove();
                    ended = true;
                }
            }
        }
        inputEnded |= ended;
        if (octetsTaken > 0) {
            incoming.taken(octetsTaken);
            if (!closed) {
                handler.onReadBurstEnd();
            }
        }
        if (ended && !closed) {
            handler.onEndOfStream();
        }
    }

    /** Does one scattering read and returns the octets it brought. */
    private int readOnce() {
        int count = handler.targets(targets);
        if (count == 0) {
            withoutTargets = true;
            return 0;
        }
        if (closed || incoming.readsNothing()) {
            handler.onReadNothing();
            return 0;
        }
        long room = 0;
        for (int i = 0; i < count; i++) {
            room += targets[i].remaining();
        }
        int octets = incoming.portion((int) Math.min(room, octetsInARow()));
        int target = 0;
        int left = octets;
        while (left > 0) {
            if (targets[target].hasRemaining()) {
                left -= inbox.element().moveTo(targets[target], left);
                if (inbox.element().isEmpty()) {
                    inbox.remove();
                }
            } else {
                target++;
            }
        }
        Arrays.fill(targets, 0, count, null);
        handler.onOctets(octets, octets == room);
        return octets;
    }

    private long octetsInARow() {
        long octets = 0;
        for (Arrival arrival : inbox) {
            if (arrival.kind() != Arrival.Kind.OCTETS) {
                break;
            }
            octets += arrival.length();
        }
        return octets;
    }

    /** Runs a call of the handler; if it throws, its state cannot be trusted any more, and the connection is broken. */
    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (Throwable failure) {
            if (closed) {
                SimulatedEventLoop.onUncaught(failure);
            } else {
                reset();
                tellFailed(StreamError.LOST, failure);
            }
        }
    }

    private void fail(StreamError error, IOException cause) {
        if (!closed) {
            end();
            tellFailed(error, cause);
        }
    }

    private void tellFailed(StreamError error, Throwable cause) {
        if (handler != null) {
            try {
                handler.onFailed(error, cause);
            } catch (Throwable failure) {
                SimulatedEventLoop.onUncaught(failure);
            }
        }
    }
}
