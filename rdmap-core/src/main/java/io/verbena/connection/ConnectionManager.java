package io.verbena.connection;

import io.verbena.engine.EngineContext;
import io.verbena.transport.StreamTransport;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ListenerOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Connects queue pairs and listens for peers.
 *
 * <p>Thread rule: any thread.
 */
public final class ConnectionManager {
    private final EngineContext context;
    private final StreamTransport transport;
    private final Waiting waiting;
    private final Executor handlers;
    private final Set<SoftConnectionListener> listeners = new HashSet<>();

    /**
     * Makes the connection manager of a device.
     *
     * @param handlers runs the application's handlers, one at a time
     */
    public ConnectionManager(EngineContext context, StreamTransport transport, Waiting waiting, Executor handlers) {
        this.context = context;
        this.transport = transport;
        this.waiting = waiting;
        this.handlers = handlers;
    }

    /** Connects and waits; see {@link io.verbena.verbs.Device#connect}. */
    public Connection connect(BindableQueuePair queuePair, InetSocketAddress remote, ConnectionParameters wishes)
            throws ConnectionFailedException, InterruptedException {
        return waiting.forConnection(connectAsync(queuePair, remote, wishes));
    }

    /** Starts to connect. */
    public CompletableFuture<Connection> connectAsync(
            BindableQueuePair queuePair, InetSocketAddress remote, ConnectionParameters wishes) {
        Wishes.requireFitting(wishes.privateData().length, wishes.revision() > 1);
        if (wishes.peerToPeer() && wishes.revision() < 2) {
            throw new IllegalArgumentException("the peer-to-peer model needs MPA revision 2");
        }
        queuePair.reserve();
        CompletableFuture<Connection> outcome = new CompletableFuture<>();
        new ConnectAttempt(context, transport, queuePair, remote, wishes, outcome).start();
        return outcome;
    }

    /** Listens. */
    public ConnectionListener listen(InetSocketAddress local, ListenerOptions options) throws IOException {
        SoftConnectionListener listener =
                new SoftConnectionListener(context, transport, local, options, waiting, handlers, this::forget);
        synchronized (listeners) {
            listeners.add(listener);
        }
        return listener;
    }

    private void forget(SoftConnectionListener listener) {
        synchronized (listeners) {
            listeners.remove(listener);
        }
    }

    /** Closes all listeners. */
    public void closeListeners() {
        List<SoftConnectionListener> left;
        synchronized (listeners) {
            left = new ArrayList<>(listeners);
        }
        left.forEach(SoftConnectionListener::close);
    }
}
