package io.verbena.transport.netty;

import io.verbena.transport.EventLoop;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamOptions;
import io.verbena.transport.StreamTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** TCP on a fixed set of loops. */
final class NettyStreamTransport implements StreamTransport {
    /** How long {@link #close()} waits for all loops together. */
    private static final long CLOSE_WAIT_NS = 3_000_000_000L;

    private final NettyEventLoop[] loops;
    private final SegmentSizes segmentSizes = new SegmentSizes();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();

    private NettyStreamTransport(NettyEventLoop[] loops) {
        this.loops = loops;
    }

    static NettyStreamTransport open(int loopCount, boolean callerDriven, String threadNamePrefix) {
        if (loopCount < 1) {
            throw new IllegalArgumentException("loops " + loopCount + " must be at least 1");
        }
        Objects.requireNonNull(threadNamePrefix, "threadNamePrefix");
        NettyEventLoop[] loops = new NettyEventLoop[loopCount];
        for (int i = 0; i < loopCount; i++) {
            loops[i] = callerDriven ? new CallerDrivenEventLoop(i) : new BackgroundEventLoop(i, threadNamePrefix + i);
        }
        return new NettyStreamTransport(loops);
    }

    @Override
    public String name() {
        return "netty nio";
    }

    @Override
    public int loopCount() {
        return loops.length;
    }

    @Override
    public EventLoop loop(int index) {
        return loops[index];
    }

    /** Returns the loop for the next accepted connection. */
    NettyEventLoop nextLoop() {
        return loops[Integer.remainderUnsigned(turn.getAndIncrement(), loops.length)];
    }

    SegmentSizes segmentSizes() {
        return segmentSizes;
    }

    /**
     * {@inheritDoc}
     *
     * <p>After {@link #close()} there is no loop left: then {@link StreamError#TRANSPORT_CLOSED} is told on the calling
     * thread.
     *
     * @throws IllegalArgumentException if {@code loop} is not one of this transport's
     */
    @Override
    public void connect(EventLoop loop, InetSocketAddress remote, StreamOptions options, ConnectOutcome outcome) {
        NettyEventLoop own = own(loop);
        ConnectAttempt attempt = new ConnectAttempt(own, remote, options, segmentSizes, outcome);
        try {
            own.execute(attempt::start);
        } catch (RejectedExecutionException loopClosed) {
            outcome.onConnectFailed(StreamError.TRANSPORT_CLOSED, loopClosed);
        }
    }

    private NettyEventLoop own(EventLoop loop) {
        int index = loop.index();
        if (index >= loops.length || loops[index] != loop) {
            throw new IllegalArgumentException("loop " + index + " is not a loop of this transport");
        }
        return loops[index];
    }

    @Override
    public Listening listen(InetSocketAddress local, StreamOptions options, AcceptHandler handler) throws IOException {
        return ListeningSocket.bind(nextLoop(), this, local, options, handler);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        for (NettyEventLoop loop : loops) {
            loop.beginClose();
        }
        long deadlineNs = loops[0].clock().nanoTime() + CLOSE_WAIT_NS;
        try {
            for (NettyEventLoop loop : loops) {
                loop.awaitClosed(Math.max(0, deadlineNs - loop.clock().nanoTime()));
            }
        } catch (InterruptedException interrupted) {
            // The loops end without us.
            Thread.currentThread().interrupt();
        }
    }
}
