package io.verbena.transport.netty;

import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamOptions;
import io.verbena.transport.StreamTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Two background transports in one process, and connections between them over loopback TCP. */
final class TcpPair implements AutoCloseable {
    final StreamTransport server = NettyStreamTransport.open(1, false, "server-io-");
    final StreamTransport client = NettyStreamTransport.open(1, false, "client-io-");

    /** Both ends of one connection. */
    record Connection<C extends StreamHandler, S extends StreamHandler>(C client, S server) {}

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** The outcome of a connection attempt as a future; a failure is a {@link ConnectFailure}. */
    static <H extends StreamHandler> CompletableFuture<H> connect(
            StreamTransport transport,
            EventLoop loop,
            InetSocketAddress remote,
            StreamOptions options,
            Function<ByteStream, H> handlers) {
        CompletableFuture<H> outcome = new CompletableFuture<>();
        transport.connect(loop, remote, options, new StreamTransport.ConnectOutcome() {
            @Override
            public StreamHandler onConnected(ByteStream stream) {
                H handler = handlers.apply(stream);
                if (!outcome.complete(handler)) {
                    throw new IllegalStateException("a second outcome");
                }
                return handler;
            }

            @Override
            public void onConnectFailed(StreamError error, Throwable cause) {
                if (!outcome.completeExceptionally(new ConnectFailure(error, cause))) {
                    throw new IllegalStateException("a second outcome: " + error);
                }
            }
        });
        return outcome;
    }

    /** What {@link StreamTransport.ConnectOutcome#onConnectFailed} was told. */
    static final class ConnectFailure extends Exception {
        private static final long serialVersionUID = 1;

        final transient StreamError error;

        ConnectFailure(StreamError error, Throwable cause) {
            super(error.words(), cause);
            this.error = error;
        }
    }

    <C extends StreamHandler, S extends StreamHandler> Connection<C, S> connect(
            Function<ByteStream, C> clientSide, Function<ByteStream, S> serverSide) throws Exception {
        return connect(StreamOptions.defaults(), anyPort(), clientSide, serverSide);
    }

    <C extends StreamHandler, S extends StreamHandler> Connection<C, S> connect(
            StreamOptions options,
            InetSocketAddress local,
            Function<ByteStream, C> clientSide,
            Function<ByteStream, S> serverSide)
            throws Exception {
        CompletableFuture<S> accepted = new CompletableFuture<>();
        try (StreamTransport.Listening listening = listen(local, options, stream -> {
            S handler = serverSide.apply(stream);
            accepted.complete(handler);
            return handler;
        })) {
            C connected = connect(client, client.loop(0), listening.localAddress(), options, clientSide)
                    .get(10, TimeUnit.SECONDS);
            return new Connection<>(connected, accepted.get(10, TimeUnit.SECONDS));
        }
    }

    StreamTransport.Listening listen(
            InetSocketAddress local, StreamOptions options, StreamTransport.AcceptHandler handler) throws IOException {
        return server.listen(local, options, handler);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
