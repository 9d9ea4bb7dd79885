package io.verbena.examples.conformance;

import io.verbena.capture.CapturedConnection;
import io.verbena.capture.SocketCapture;
import io.verbena.conformance.raw.RawObserver;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * Puts what raw peers send and take into a capture.
 *
 * <p>Thread rule: as {@link RawObserver} says.
 */
final class RawCapture implements RawObserver {
    private final SocketCapture capture;

    RawCapture(SocketCapture capture) {
        this.capture = capture;
    }

    @Override
    public Connection onConnected(InetSocketAddress local, InetSocketAddress remote, boolean opener) {
        CapturedConnection captured = capture.begin(local, remote, opener);
        return captured == null ? NONE.onConnected(local, remote, opener) : new Captured(captured);
    }

    /** One connection. */
    private record Captured(CapturedConnection connection) implements Connection {
        @Override
        public void onSent(byte[] octets) {
            connection.onSent(ByteBuffer.wrap(octets), octets.length);
        }

        @Override
        public void onReceived(byte[] octets, int from, int count) {
            connection.onReceived(ByteBuffer.wrap(octets).slice(from, count), count);
        }

        @Override
        public void onOutputEnded() {
            connection.onOutputEnded();
        }

        @Override
        public void onInputEnded() {
            connection.onInputEnded();
        }

        @Override
        public void onClosed() {
            connection.onClosed();
        }

        @Override
        public void onReset() {
            connection.onReset();
        }

        @Override
        public void onResetByPeer() {
            connection.onResetByPeer();
        }
    }
}
