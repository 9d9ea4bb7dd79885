package io.verbena.conformance.raw;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * Listens for devices that connect, and answers them as a {@link RawPeer}; or does not answer.
 *
 * <p>Thread rule: one thread at a time.
 */
public final class RawListener implements AutoCloseable {
    private static final int BACKLOG = 16;

    private final Duration longest;
    private final RawObserver observer;
    private final ServerSocket socket;

    RawListener(InetSocketAddress local, Duration absence, Duration longest, RawObserver observer) {
        this.longest = longest;
        this.observer = observer;
        try {
            socket = new ServerSocket(local.getPort(), BACKLOG, local.getAddress());
            socket.setSoTimeout((int) absence.toMillis());
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException(
                    "cannot listen at " + local.getHostString() + ":" + local.getPort() + ": " + e.getMessage(), e));
        }
    }

    /** Returns where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /**
     * Waits for the next TCP connection; nothing has been read from it.
     *
     * @throws UncheckedIOException if none comes in time
     */
    public RawPeer accept() {
        try {
            return new RawPeer(socket.accept(), observer, false).waitAtMost(longest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the connections that wait to be accepted. */
    public void dropWaiting() {
        try {
            int absence = socket.getSoTimeout();
            socket.setSoTimeout(1);
            try {
                while (true) {
                    socket.accept().close();
                }
            } catch (SocketTimeoutException e) {
                socket.setSoTimeout(absence);
            }
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
