package io.verbena.testkit.cost;

import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamOptions;
import io.verbena.transport.StreamTransport;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A transport whose streams are counted.
 *
 * <p>Thread rule: as {@link StreamTransport} says.
 */
final class CountingTransport implements StreamTransport {
    private final TransferCounts counts;
    private final StreamTransport below;

    CountingTransport(TransferCounts counts, StreamTransport below) {
        this.counts = counts;
        this.below = below;
    }

    @Override
    public String name() {
        return below.name();
    }

    @Override
    public int loopCount() {
        return below.loopCount();
    }

    @Override
    public EventLoop loop(int index) {
        return below.loop(index);
    }

    @Override
    public void connect(EventLoop loop, InetSocketAddress remote, StreamOptions options, ConnectOutcome outcome) {
        below.connect(loop, remote, options, new ConnectOutcome() {
            @Override
            public StreamHandler onConnected(ByteStream stream) {
                return counted(outcome.onConnected(new CountingStream(counts, stream)));
            }

            @Override
            public void onConnectFailed(StreamError error, Throwable cause) {
                outcome.onConnectFailed(error, cause);
            }
        });
    }

    @Override
    public Listening listen(InetSocketAddress local, StreamOptions options, AcceptHandler handler) throws IOException {
        return below.listen(local, options, stream -> counted(handler.onAccepted(new CountingStream(counts, stream))));
    }

    private StreamHandler counted(StreamHandler handler) {
        return handler == null ? null : new CountingHandler(counts, handler);
    }

    @Override
    public void close() {
        below.close();
    }
}
