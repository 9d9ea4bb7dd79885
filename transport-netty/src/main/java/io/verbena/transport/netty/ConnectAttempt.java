package io.verbena.transport.netty;

import io.netty.channel.nio.NioIoOps;
import io.verbena.transport.EventLoop;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamOptions;
import io.verbena.transport.StreamTransport.ConnectOutcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;

/**
 * An attempt to connect: ends in exactly one call of its {@link ConnectOutcome}.
 *
 * <p>Thread rule: loop thread.
 */
final class ConnectAttempt implements ReadinessListener {
    private final NettyEventLoop loop;
    private final InetSocketAddress remote;
    private final StreamOptions options;
    private final SegmentSizes segmentSizes;
    private final ConnectOutcome outcome;
    private SocketChannel channel;
    private SelectedSocket socket;
    private EventLoop.Timer deadline;
    private boolean ended;

    ConnectAttempt(
            NettyEventLoop loop,
            InetSocketAddress remote,
            StreamOptions options,
            SegmentSizes segmentSizes,
            ConnectOutcome outcome) {
        this.loop = loop;
        this.remote = remote;
        this.options = options;
        this.segmentSizes = segmentSizes;
        this.outcome = outcome;
    }

    void start() {
        if (remote.isUnresolved()) {
            fail(StreamError.UNREACHABLE, new UnknownHostException(remote.getHostString()));
            return;
        }
        if (openSocket()) {
            connect();
        }
    }

    private boolean openSocket() {
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            SocketOptions.apply(options, channel);
            socket = loop.register(channel);
            socket.listener(this);
            return true;
        } catch (ClosedSelectorException loopClosed) {
            fail(StreamError.TRANSPORT_CLOSED, loopClosed);
        } catch (IOException failure) {
            fail(StreamError.LOST, failure);
        }
        return false;
    }

    private void connect() {
        boolean connected;
        try {
            connected = channel.connect(remote);
        } catch (IOException | UnsupportedAddressTypeException failure) {
            fail(FailureKinds.ofConnect(failure), failure);
            return;
        }
        if (connected) {
            onConnected();
        } else {
            socket.interest(NioIoOps.CONNECT);
            deadline = loop.schedule(options.connectTimeoutNs(), this::onDeadline);
        }
    }

    @Override
    public void onReady(int readyOps) {
        try {
            if (!channel.finishConnect()) {
                return;
            }
        } catch (IOException failure) {
            fail(FailureKinds.ofConnect(failure), failure);
            return;
        }
        onConnected();
    }

    @Override
    public void onTransportClosed() {
        fail(StreamError.TRANSPORT_CLOSED, new ClosedChannelException());
    }

    private void onDeadline() {
        fail(
                StreamError.TIMED_OUT,
                new SocketTimeoutException(
                        "no answer from " + remote + " within " + options.connectTimeoutNs() / 1_000_000 + " ms"));
    }

    private void onConnected() {
        NettyByteStream stream;
        try {
            stream = NettyByteStream.of(loop, channel, socket, options, segmentSizes);
        } catch (IOException failure) {
            // Broken again before we could look at it.
            fail(StreamError.RESET, failure);
            return;
        }
        if (stream.localAddress().equals(stream.remoteAddress())) {
            // TCP's simultaneous open: the free port the system gave us was the very port that nobody listens on.
            stream.reset();
            fail(StreamError.REFUSED, new ConnectException("connected to itself: nobody listens at " + remote));
            return;
        }
        end();
        try {
            StreamHandler handler = outcome.onConnected(stream);
            stream.start(Objects.requireNonNull(handler, "onConnected returned no handler"));
        } catch (Throwable failure) {
            stream.reset();
            NettyEventLoop.onUncaught(failure);
        }
    }

    private void fail(StreamError error, Exception cause) {
        if (ended) {
            return;
        }
        end();
        try {
            if (socket != null) {
                socket.release();
            } else if (channel != null) {
                channel.close();
            }
        } catch (IOException releaseFailure) {
            cause.addSuppressed(releaseFailure);
        }
        try {
            outcome.onConnectFailed(error, cause);
        } catch (Throwable failure) {
            NettyEventLoop.onUncaught(failure);
        }
    }

    private void end() {
        ended = true;
        if (deadline != null) {
            deadline.cancel();
        }
    }
}
