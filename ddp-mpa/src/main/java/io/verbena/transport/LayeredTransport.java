package io.verbena.transport;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A transport on top of another one, which puts a layer of its own between each stream and the stream's handler.
 *
 * <p>Thread rule: as {@link StreamTransport} says.
 */
public abstract class LayeredTransport implements StreamTransport {
    private final StreamTransport below;

    /** Makes a transport on top of {@code below}, which is closed with it. */
    protected LayeredTransport(StreamTransport below) {
        this.below = below;
    }

    /** What takes a new stream and gives its handler. */
    @FunctionalInterface
    protected interface StreamTaker {
        /** Takes a stream; returns its handler, or null to refuse it. */
        StreamHandler take(ByteStream stream);
    }

    /**
     * Puts the layer on a new stream: gives {@code above} the stream that it is to use, and returns the handler that the
     * stream below is to have. Called on the stream's loop.
     *
     * @param stream the stream of the transport below
     * @param opener whether this end opened the connection
     * @param above to be called once; a null that it returns is to be returned here, too
     */
    protected abstract StreamHandler layer(ByteStream stream, boolean opener, StreamTaker above);

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
                return layer(stream, true, outcome::onConnected);
            }

            @Override
            public void onConnectFailed(StreamError error, Throwable cause) {
                outcome.onConnectFailed(error, cause);
            }
        });
    }

    @Override
    public Listening listen(InetSocketAddress local, StreamOptions options, AcceptHandler handler) throws IOException {
        return below.listen(local, options, new AcceptHandler() {
            @Override
            public StreamHandler onAccepted(ByteStream stream) {
                return layer(stream, false, handler::onAccepted);
            }

            @Override
            public void onAcceptFailed(IOException cause) {
                handler.onAcceptFailed(cause);
            }
        });
    }

    @Override
    public void close() {
        below.close();
    }
}
