package io.verbena.capture;

import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamOptions;
import io.verbena.transport.StreamTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A transport whose streams are captured.
 *
 * <p>All octets pass through a buffer of the stream's loop, one way and the other, so that what is in the capture is what was
 * on the wire, whatever the application does to its memory meanwhile.
 *
 * <p>Thread rule: as {@link StreamTransport} says.
 */
final class CapturingTransport implements StreamTransport {
    /** Octets of each of the two buffers of a loop. */
    static final int PASSAGE_OCTETS = 1 << 18;

    private final DeviceCapture capture;
    private final StreamTransport below;
    private final Passage[] passages;

    /** The buffers of one loop; each is used within one call. */
    record Passage(ByteBuffer out, ByteBuffer in) {}

    CapturingTransport(DeviceCapture capture, StreamTransport below) {
        this.capture = capture;
        this.below = below;
        passages = new Passage[below.loopCount()];
        for (int i = 0; i < passages.length; i++) {
            passages[i] =
                    new Passage(ByteBuffer.allocateDirect(PASSAGE_OCTETS), ByteBuffer.allocateDirect(PASSAGE_OCTETS));
        }
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
                return captured(stream, true, outcome::onConnected);
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
                return captured(stream, false, handler::onAccepted);
            }

            @Override
            public void onAcceptFailed(IOException cause) {
                handler.onAcceptFailed(cause);
            }
        });
    }

    /** Takes a new stream and gives its handler. */
    @FunctionalInterface
    private interface Taker {
        StreamHandler take(ByteStream stream);
    }

    private StreamHandler captured(ByteStream stream, boolean opener, Taker taker) {
        CapturedConnection connection = capture.begin(stream.localAddress(), stream.remoteAddress(), opener);
        if (connection == null) {
            return taker.take(stream);
        }
        Passage passage = passages[stream.loop().index()];
        StreamHandler handler = taker.take(new CapturingStream(stream, connection, passage.out()));
        if (handler == null) {
            connection.onClosed();
            return null;
        }
        return new CapturingHandler(handler, connection, passage.in());
    }

    @Override
    public void close() {
        below.close();
    }
}
