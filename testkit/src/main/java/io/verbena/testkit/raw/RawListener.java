package io.verbena.testkit.raw;

import io.verbena.testkit.SystemDeadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Listens on a free loopback port for devices that connect, and answers them as a {@link RawPeer}; or does not answer.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class RawListener implements AutoCloseable {
    private final ServerSocket socket;

    RawListener() {
        try {
            socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
            socket.setSoTimeout((int) SystemDeadline.USUAL.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** Waits for the next TCP connection; nothing has been read from it. */
    public RawPeer accept() {
        try {
            return new RawPeer(socket.accept());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
