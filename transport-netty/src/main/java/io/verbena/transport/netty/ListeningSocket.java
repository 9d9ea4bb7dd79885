package io.verbena.transport.netty;

import io.netty.channel.nio.NioIoOps;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamOptions;
import io.verbena.transport.StreamTransport.AcceptHandler;
import io.verbena.transport.StreamTransport.Listening;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.RejectedExecutionException;

/**
 * A listening TCP socket: accepts on one loop and hands the connections to all loops in turn.
 *
 * <p>Thread rule: {@link #localAddress()} and {@link #close()} any thread, the rest on the accepting loop, except {@link
 * #adopt}, which runs on the loop of the stream.
 */
final class ListeningSocket implements Listening, ReadinessListener {
    /** So that a storm of connections does not keep the loop from its streams. */
    private static final int MAX_ACCEPTS_PER_WAKE_UP = 64;

    /** When accepting fails (no more file descriptors), trying again at once would fail again, and spin. */
    private static final long PAUSE_AFTER_FAILURE_NS = 20_000_000L;

    private final NettyEventLoop loop;
    private final NettyStreamTransport transport;
    private final ServerSocketChannel channel;
    private final InetSocketAddress localAddress;
    private final StreamOptions options;
    private final AcceptHandler handler;
    private SelectedSocket socket;

    private ListeningSocket(
            NettyEventLoop loop,
            NettyStreamTransport transport,
            ServerSocketChannel channel,
            InetSocketAddress localAddress,
            StreamOptions options,
            AcceptHandler handler) {
        this.loop = loop;
        this.transport = transport;
        this.channel = channel;
        this.localAddress = localAddress;
        this.options = options;
        this.handler = handler;
    }

    /** Binds a socket; from now on the operating system takes connections, and {@code loop} will accept them. */
    static ListeningSocket bind(
            NettyEventLoop loop,
            NettyStreamTransport transport,
            InetSocketAddress local,
            StreamOptions options,
            AcceptHandler handler)
            throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            SocketOptions.apply(options, channel);
            channel.bind(local, options.backlog());
            InetSocketAddress bound = (InetSocketAddress) channel.getLocalAddress();
            ListeningSocket listening = new ListeningSocket(loop, transport, channel, bound, options, handler);
            loop.execute(listening::start);
            return listening;
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw new IOException("cannot listen at " + text(local) + ": " + failure.getMessage(), failure);
        }
    }

    private static String text(InetSocketAddress address) {
        String host = address.isUnresolved()
                ? address.getHostString()
                : address.getAddress().getHostAddress();
        return host + ":" + address.getPort();
    }

    private void start() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            socket = loop.register(channel);
            socket.listener(this);
            socket.interest(NioIoOps.ACCEPT);
        } catch (ClosedSelectorException loopClosed) {
            closeChannel(channel);
        } catch (IOException failure) {
            closeChannel(channel);
            tellAcceptFailed(failure);
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public void close() {
        closeChannel(channel);
        try {
            // The operating system lets go of the port when the selector lets go of the socket.
            loop.execute(this::leaveSelector);
        } catch (RejectedExecutionException loopClosed) {
            assert !channel.isOpen() : loopClosed;
        }
    }

    @Override
    public void onTransportClosed() {
        leaveSelector();
    }

    private void leaveSelector() {
        if (socket == null) {
            return;
        }
        try {
            socket.release();
        } catch (IOException failure) {
            tellAcceptFailed(failure);
        }
    }

    @Override
    public void onReady(int readyOps) {
        try {
            for (int accepts = 0; accepts < MAX_ACCEPTS_PER_WAKE_UP && channel.isOpen(); accepts++) {
                SocketChannel accepted = channel.accept();
                if (accepted == null) {
                    return;
                }
                handOver(accepted);
            }
        } catch (IOException failure) {
            if (channel.isOpen()) {
                pause();
                tellAcceptFailed(failure);
            }
        }
    }

    private void pause() {
        loop.schedule(PAUSE_AFTER_FAILURE_NS, this::resume);
        socket.interest(NioIoOps.NONE);
    }

    private void resume() {
        if (channel.isOpen()) {
            socket.interest(NioIoOps.ACCEPT);
        }
    }

    private void handOver(SocketChannel accepted) {
        NettyEventLoop next = transport.nextLoop();
        try {
            if (next == loop) {
                adopt(next, accepted);
            } else {
                next.execute(() -> adopt(next, accepted));
            }
        } catch (RejectedExecutionException loopClosed) {
            closeChannel(accepted);
        }
    }

    private void adopt(NettyEventLoop streamLoop, SocketChannel accepted) {
        NettyByteStream stream;
        try {
            stream = streamOf(streamLoop, accepted);
        } catch (ClosedSelectorException loopClosed) {
            closeChannel(accepted);
            return;
        } catch (IOException brokenByPeer) {
            closeChannel(accepted);
            tellAcceptFailed(brokenByPeer);
            return;
        }
        try {
            StreamHandler streamHandler = handler.onAccepted(stream);
            if (streamHandler == null) {
                stream.close();
            } else {
                stream.start(streamHandler);
            }
        } catch (Throwable failure) {
            stream.reset();
            NettyEventLoop.onUncaught(failure);
        }
    }

    private NettyByteStream streamOf(NettyEventLoop streamLoop, SocketChannel accepted) throws IOException {
        accepted.configureBlocking(false);
        SocketOptions.apply(options, accepted);
        SelectedSocket place = streamLoop.register(accepted);
        try {
            return NettyByteStream.of(streamLoop, accepted, place, options, transport.segmentSizes());
        } catch (IOException brokenByPeer) {
            place.release();
            throw brokenByPeer;
        }
    }

    private void closeChannel(Channel closing) {
        try {
            closing.close();
        } catch (IOException failure) {
            tellAcceptFailed(failure);
        }
    }

    private void tellAcceptFailed(IOException failure) {
        try {
            handler.onAcceptFailed(failure);
        } catch (Throwable handlerFailure) {
            NettyEventLoop.onUncaught(handlerFailure);
        }
    }
}
