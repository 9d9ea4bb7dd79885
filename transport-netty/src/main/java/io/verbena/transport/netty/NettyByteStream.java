package io.verbena.transport.netty;

import io.netty.channel.nio.NioIoOps;
import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.GatherList;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * One TCP connection.
 *
 * <p>A read is one scattering system call into the handler's targets, a write one gathering system call from the caller's
 * list; nothing is queued or copied here. Steady-state reading and writing allocates nothing in this class.
 *
 * <p>Thread rule: as {@link ByteStream} says.
 */
final class NettyByteStream implements ByteStream, ReadinessListener {
    /** So that one busy stream does not keep its loop from the others: how much one wake-up reads at most. */
    static final int MAX_READS_PER_BURST = 16;

    static final int MAX_OCTETS_PER_BURST = 1 << 20;

    /** Every operating system takes at least so many buffers in one gathering call; of longer lists it may leave a rest. */
    private static final int SURE_BUFFERS_PER_CALL = 16;

    /** Nothing more arrives on a broken connection, so this is only a limit to what its receive buffer can hold. */
    private static final int MAX_BURSTS_AFTER_BREAK = 256;

    private enum State {
        OPEN,
        /** A write failed; the handler will be told once the call in which it happened has returned. */
        OUTPUT_BROKEN,
        CLOSED
    }

    private final NettyEventLoop loop;
    private final SocketChannel channel;
    private final SelectedSocket socket;
    private final InetSocketAddress localAddress;
    private final InetSocketAddress remoteAddress;
    private final int segmentOctets;
    private StreamHandler handler;
    private State state = State.OPEN;
    private boolean paused;
    private boolean withoutTargets;
    private boolean inputEnded;
    private boolean outputEnded;
    private boolean outputFull;

    private NettyByteStream(
            NettyEventLoop loop,
            SocketChannel channel,
            SelectedSocket socket,
            InetSocketAddress localAddress,
            InetSocketAddress remoteAddress,
            int segmentOctets) {
        this.loop = loop;
        this.channel = channel;
        this.socket = socket;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
        this.segmentOctets = segmentOctets;
    }

    /**
     * Makes a stream of a connected socket, and itself the listener of the socket's readiness. It reads nothing until
     * {@link #start}.
     */
    static NettyByteStream of(
            NettyEventLoop loop,
            SocketChannel channel,
            SelectedSocket socket,
            StreamOptions options,
            SegmentSizes segmentSizes)
            throws IOException {
        InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
        InetSocketAddress remote = (InetSocketAddress) channel.getRemoteAddress();
        int segmentOctets = segmentSizes.segmentOctets(options, local, remote);
        NettyByteStream stream = new NettyByteStream(loop, channel, socket, local, remote, segmentOctets);
        socket.listener(stream);
        return stream;
    }

    /** Begins to read on behalf of {@code handler}, unless the stream was closed in the meantime. */
    void start(StreamHandler handler) {
        this.handler = handler;
        updateInterest();
    }

    /** Returns the socket, for those in this package who want to know its options. */
    SocketChannel channel() {
        return channel;
    }

    @Override
    public EventLoop loop() {
        return loop;
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
        assert loop.inLoop();
        if (outputEnded) {
            throw new IllegalStateException("write after shutdownOutput on the stream to " + remoteAddress);
        }
        if (state != State.OPEN || outputFull) {
            return 0;
        }
        long taken = 0;
        try {
            boolean cutShort;
            do {
                cutShort = lent.count() > SURE_BUFFERS_PER_CALL;
                long octets = writeOnce(lent);
                lent.consumed(octets);
                taken += octets;
                cutShort &= octets > 0 && lent.remaining() > 0;
            } while (cutShort);
        } catch (IOException failure) {
            onOutputBroken(failure);
            return taken;
        }
        if (lent.remaining() > 0) {
            outputFull = true;
            updateInterest();
        }
        return taken;
    }

    private long writeOnce(GatherList lent) throws IOException {
        if (lent.remaining() == 0) {
            return 0;
        }
        return lent.count() == 1
                ? channel.write(lent.buffers()[lent.first()])
                : channel.write(lent.buffers(), lent.first(), lent.count());
    }

    @Override
    public void pauseReading() {
        assert loop.inLoop();
        paused = true;
        updateInterest();
    }

    @Override
    public void resumeReading() {
        assert loop.inLoop();
        paused = false;
        withoutTargets = false;
        updateInterest();
    }

    @Override
    public void shutdownOutput() {
        assert loop.inLoop();
        if (outputEnded || state != State.OPEN) {
            return;
        }
        outputEnded = true;
        outputFull = false;
        updateInterest();
        try {
            channel.shutdownOutput();
        } catch (IOException failure) {
            onOutputBroken(failure);
        }
    }

    @Override
    public void close() {
        assert loop.inLoop();
        if (state != State.CLOSED) {
            state = State.CLOSED;
            try {
                socket.release();
            } catch (IOException alreadyBroken) {
                // The connection is gone, which is what was asked for, and nobody listens any more.
                assert !channel.isOpen() : alreadyBroken;
            }
        }
    }

    @Override
    public void reset() {
        assert loop.inLoop();
        if (state != State.CLOSED) {
            state = State.CLOSED;
            try {
                socket.releaseWithReset();
            } catch (IOException alreadyBroken) {
                // Some systems refuse options on a connection that the peer has broken: then there is nothing to reset.
                assert !channel.isOpen() : alreadyBroken;
            }
        }
    }

    @Override
    public void onReady(int readyOps) {
        try {
            if ((readyOps & SelectionKey.OP_WRITE) != 0 && outputFull) {
                outputFull = false;
                handler.onWritable();
                updateInterest();
            }
            if ((readyOps & SelectionKey.OP_READ) != 0) {
                readBurst();
            }
        } catch (Throwable failure) {
            onHandlerFailed(failure);
        }
    }

    @Override
    public boolean poll() {
        try {
            return readBurst();
        } catch (Throwable failure) {
            onHandlerFailed(failure);
            return true;
        }
    }

    @Override
    public void onTransportClosed() {
        if (state == State.CLOSED) {
            return;
        }
        reset();
        tellFailed(StreamError.TRANSPORT_CLOSED, new ClosedChannelException());
    }

    private boolean wantsInput() {
        return state != State.CLOSED && handler != null && !paused && !withoutTargets && !inputEnded;
    }

    private void updateInterest() {
        if (state == State.CLOSED) {
            return;
        }
        if (wantsInput()) {
            socket.interest(outputFull ? NioIoOps.READ_AND_WRITE : NioIoOps.READ);
        } else {
            socket.interest(outputFull ? NioIoOps.WRITE : NioIoOps.NONE);
        }
    }

    /** Reads until the socket is empty or it is the turn of others; returns whether there was anything to tell. */
    private boolean readBurst() {
        long octetsLeft = MAX_OCTETS_PER_BURST;
        boolean arrived = false;
        boolean ended = false;
        IOException failure = null;
        for (int reads = 0; reads < MAX_READS_PER_BURST && octetsLeft > 0 && wantsInput(); reads++) {
            ByteBuffer[] targets = loop.readTargets();
            int count = handler.targets(targets);
            if (count == 0) {
                withoutTargets = true;
                break;
            }
            long room = room(targets, count);
            long octets = 0;
            try {
                octets = count == 1 ? channel.read(targets[0]) : channel.read(targets, 0, count);
            } catch (IOException readFailure) {
                failure = readFailure;
            } finally {
                forget(targets, count);
            }
            if (octets <= 0) {
                ended = octets < 0;
                handler.onReadNothing();
                break;
            }
            arrived = true;
            octetsLeft -= octets;
            boolean filled = octets == room;
            handler.onOctets((int) octets, filled);
            if (!filled) {
                // The socket is empty: asking again now would cost a system call to be told so.
                break;
            }
        }
        inputEnded |= ended;
        updateInterest();
        if (arrived && state != State.CLOSED) {
            handler.onReadBurstEnd();
        }
        if (failure != null) {
            fail(FailureKinds.ofStream(failure), failure);
        } else if (ended && state == State.OPEN) {
            handler.onEndOfStream();
        }
        return arrived || ended || failure != null;
    }

    private static long room(ByteBuffer[] targets, int count) {
        long room = 0;
        for (int i = 0; i < count; i++) {
            room += targets[i].remaining();
        }
        return room;
    }

    private static void forget(ByteBuffer[] targets, int count) {
        for (int i = 0; i < count; i++) {
            targets[i] = null;
        }
    }

    private void onOutputBroken(IOException failure) {
        state = State.OUTPUT_BROKEN;
        outputFull = false;
        loop.execute(() -> afterOutputBroke(failure));
    }

    private void afterOutputBroke(IOException failure) {
        try {
            // The peer may have said why before it broke the connection: what has arrived comes before the bad news.
            boolean more = true;
            for (int bursts = 0; more && bursts < MAX_BURSTS_AFTER_BREAK; bursts++) {
                more = readBurst();
            }
        } catch (Throwable handlerFailure) {
            onHandlerFailed(handlerFailure);
        }
        fail(FailureKinds.ofStream(failure), failure);
    }

    private void fail(StreamError error, Throwable cause) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        try {
            socket.release();
        } catch (IOException releaseFailure) {
            cause.addSuppressed(releaseFailure);
        }
        tellFailed(error, cause);
    }

    /** The handler threw: its own state cannot be trusted any more, so the peer shall not take what comes for data. */
    private void onHandlerFailed(Throwable failure) {
        if (state == State.CLOSED) {
            NettyEventLoop.onUncaught(failure);
            return;
        }
        reset();
        tellFailed(StreamError.LOST, failure);
    }

    private void tellFailed(StreamError error, Throwable cause) {
        if (handler == null) {
            return;
        }
        try {
            handler.onFailed(error, cause);
        } catch (Throwable failure) {
            NettyEventLoop.onUncaught(failure);
        }
    }
}
