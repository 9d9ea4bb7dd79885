package io.verbena.connection;

import io.verbena.engine.EngineContext;
import io.verbena.transport.StreamTransport;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ListenerOptions;
import io.verbena.verbs.cm.PlainStream;
import io.verbena.verbs.cm.PlainStreamListener;
import io.verbena.verbs.cm.PlainStreamListenerOptions;
import io.verbena.verbs.cm.PlainStreamOptions;
import io.verbena.verbs.cm.StreamBinding;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

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
    private final StreamTable streams;
    private final PlainStreams plainStreams;
    private final Set<SoftConnectionListener> listeners = new HashSet<>();
    private final Set<SoftPlainStreamListener> streamListeners = new HashSet<>();
    private final AtomicInteger nextLoop = new AtomicInteger();

    /**
     * Makes the connection manager of a device.
     *
     * @param handlers runs the application's handlers, one at a time
     * @param maxPlainStreams how many streams may be in streaming mode
     */
    public ConnectionManager(
            EngineContext context, StreamTransport transport, Waiting waiting, Executor handlers, int maxPlainStreams) {
        this.context = context;
        this.transport = transport;
        this.waiting = waiting;
        this.handlers = handlers;
        streams = new StreamTable(maxPlainStreams);
        plainStreams = new PlainStreams(context, transport, streams, waiting);
    }

    /** Connects and waits; see {@link io.verbena.verbs.Device#connect}. */
    public Connection connect(BindableQueuePair queuePair, InetSocketAddress remote, ConnectionParameters wishes)
            throws ConnectionFailedException, InterruptedException {
        return waiting.forConnection(connectAsync(queuePair, remote, wishes));
    }

    /** Starts to connect. */
    public CompletableFuture<Connection> connectAsync(
            BindableQueuePair queuePair, InetSocketAddress remote, ConnectionParameters wishes) {
        Wishes.requirePossible(wishes);
        queuePair.reserve();
        CompletableFuture<Connection> outcome = new CompletableFuture<>();
        new ConnectAttempt(context, transport, streams, queuePair, remote, wishes, outcome, null).start();
        return outcome;
    }

    /** Listens. */
    public ConnectionListener listen(InetSocketAddress local, ListenerOptions options) throws IOException {
        SoftConnectionListener listener = new SoftConnectionListener(
                context, transport, streams, local, options, waiting, handlers, this::forget);
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

    /** Opens a plain stream; see {@link io.verbena.verbs.Device#openStream}. */
    public PlainStream openStream(InetSocketAddress remote, PlainStreamOptions options)
            throws ConnectionFailedException, InterruptedException {
        int loop = Math.floorMod(nextLoop.getAndIncrement(), transport.loopCount());
        return plainStreams.open(transport.loop(loop), remote, options);
    }

    /** Listens for plain streams. */
    public PlainStreamListener listenForStreams(InetSocketAddress local, PlainStreamListenerOptions options)
            throws IOException {
        SoftPlainStreamListener listener =
                new SoftPlainStreamListener(plainStreams, transport, local, options, waiting, handlers, this::forget);
        synchronized (listeners) {
            streamListeners.add(listener);
        }
        return listener;
    }

    private void forget(SoftPlainStreamListener listener) {
        synchronized (listeners) {
            streamListeners.remove(listener);
        }
    }

    /** Returns what each TCP connection is bound to. */
    public List<StreamBinding> streams() {
        return streams.bindings();
    }

    /** Closes all listeners. */
    public void closeListeners() {
        List<SoftConnectionListener> left;
        List<SoftPlainStreamListener> leftForStreams;
        synchronized (listeners) {
            left = new ArrayList<>(listeners);
            leftForStreams = new ArrayList<>(streamListeners);
        }
        left.forEach(SoftConnectionListener::close);
        leftForStreams.forEach(SoftPlainStreamListener::close);
    }
}
