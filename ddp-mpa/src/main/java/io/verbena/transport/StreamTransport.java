package io.verbena.transport;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Makes streams: connects to peers and accepts their connections, on a fixed set of loops.
 *
 * <p>Thread rule: any thread.
 */
public interface StreamTransport extends AutoCloseable {
    /** Returns a short name for people, such as {@code netty nio}. */
    String name();

    /** Returns the number of loops. */
    int loopCount();

    /** Returns loop {@code index}, 0 to {@link #loopCount()} - 1. */
    EventLoop loop(int index);

    /**
     * Starts a connection attempt to {@code remote}; the outcome comes to {@code outcome} on {@code loop}, exactly once,
     * within {@link StreamOptions#connectTimeoutNs()}. Does not block.
     */
    void connect(EventLoop loop, InetSocketAddress remote, StreamOptions options, ConnectOutcome outcome);

    /**
     * Listens at {@code local} (port 0: any free port). Accepted streams are spread over the loops; accepting never waits
     * for the peer to say something.
     *
     * @throws IOException if the address cannot be bound; the message names it
     */
    Listening listen(InetSocketAddress local, StreamOptions options, AcceptHandler handler) throws IOException;

    /**
     * Stops all loops after breaking the streams that are left ({@link StreamError#TRANSPORT_CLOSED}). Waits for the
     * threads to end, at most a few seconds; not to be called on a loop. Idempotent.
     */
    @Override
    void close();

    /** Where a connection attempt's outcome goes. Called on the stream's loop. */
    interface ConnectOutcome {
        /** The connection stands; returns the handler of the stream. */
        StreamHandler onConnected(ByteStream stream);

        /** The attempt failed. */
        void onConnectFailed(StreamError error, Throwable cause);
    }

    /** Where accepted connections go. Called on the stream's loop. */
    interface AcceptHandler {
        /** A connection was accepted; returns the handler of the stream, or null to refuse it (it is closed). */
        StreamHandler onAccepted(ByteStream stream);

        /**
         * Accepting failed for now, for example because the process has no more file descriptors, or one connection was
         * broken while it was accepted. The transport goes on accepting by itself. Called on any loop.
         */
        default void onAcceptFailed(IOException cause) {}
    }

    /** A listening socket. Any thread. */
    interface Listening extends AutoCloseable {
        /** Returns the address it is bound to, with the real port. */
        InetSocketAddress localAddress();

        /** Stops listening; accepted streams live on. Idempotent. */
        @Override
        void close();
    }
}
