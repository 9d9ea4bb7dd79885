package io.verbena.connection;

import io.verbena.engine.EngineContext;
import io.verbena.transport.ByteStream;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamTransport;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionRequest;
import io.verbena.verbs.cm.ListenerOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A listener and the connections that are on their way through it.
 *
 * <p>Thread rule: any thread.
 */
final class SoftConnectionListener implements ConnectionListener, PendingConnection.Owner {
    private final EngineContext context;
    private final StreamTable streams;
    private final ListenerOptions options;
    private final Waiting waiting;
    private final Executor handlers;
    private final Consumer<SoftConnectionListener> onClosed;
    private final StreamTransport.Listening listening;

    private final Object lock = new Object();
    private final Set<PendingConnection> pending = new LinkedHashSet<>();
    private final ArrayDeque<SoftConnectionRequest> requests = new ArrayDeque<>();
    private CompletableFuture<Void> arrival = new CompletableFuture<>();
    private Consumer<ConnectionRequest> handler;
    private boolean closed;

    SoftConnectionListener(
            EngineContext context,
            StreamTransport transport,
            StreamTable streams,
            InetSocketAddress local,
            ListenerOptions options,
            Waiting waiting,
            Executor handlers,
            Consumer<SoftConnectionListener> onClosed)
            throws IOException {
        this.context = context;
        this.streams = streams;
        this.options = options;
        this.waiting = waiting;
        this.handlers = handlers;
        this.onClosed = onClosed;
        listening = transport.listen(
                local,
                Wishes.socket(options.socket(), options.startupTimeout().toNanos(), options.backlog()),
                this::onAccepted);
    }

    private StreamHandler onAccepted(ByteStream stream) {
        PendingConnection connection;
        synchronized (lock) {
            if (closed || pending.size() >= options.maxPending()) {
                return null;
            }
            connection = new PendingConnection(context, this, stream, streams.addStartup(stream, true));
            pending.add(connection);
        }
        return connection.begin(options.startupTimeout().toNanos());
    }

    @Override
    public void offer(SoftConnectionRequest request) {
        request.waiting(waiting);
        Consumer<ConnectionRequest> to;
        synchronized (lock) {
            to = handler;
            if (to == null) {
                requests.add(request);
                arrival.complete(null);
            }
        }
        if (to != null) {
            handlers.execute(() -> to.accept(request));
        }
    }

    @Override
    public void onOver(PendingConnection connection, SoftConnectionRequest request, ConnectionFailedException failure) {
        synchronized (lock) {
            pending.remove(connection);
            requests.remove(request);
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return listening.localAddress();
    }

    @Override
    public ConnectionRequest nextRequest(Duration deadline) throws TimeoutException, InterruptedException {
        if (deadline.isNegative()) {
            throw new IllegalArgumentException("deadline " + deadline + " must not be negative");
        }
        CompletableFuture<Void> awaited;
        long startNs = waiting.nanoTime();
        while (true) {
            synchronized (lock) {
                requireOpen();
                if (handler != null) {
                    throw new IllegalStateException("the requests of this listener go to a handler");
                }
                SoftConnectionRequest request = requests.poll();
                if (request != null) {
                    return request;
                }
                if (arrival.isDone()) {
                    arrival = new CompletableFuture<>();
                }
                awaited = arrival;
            }
            long leftNs = saturatedNanos(deadline) - (waiting.nanoTime() - startNs);
            if (leftNs <= 0 || !waiting.await(awaited, leftNs)) {
                throw new TimeoutException("no connection request arrived at " + Failures.text(localAddress())
                        + " within " + deadline.toMillis() + " ms");
            }
        }
    }

    private static long saturatedNanos(Duration duration) {
        return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : duration.toNanos();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the listener is closed");
        }
    }

    @Override
    public void onRequest(Consumer<ConnectionRequest> next) {
        List<SoftConnectionRequest> waitingRequests;
        synchronized (lock) {
            requireOpen();
            handler = next;
            waitingRequests = new ArrayList<>(requests);
            requests.clear();
        }
        for (SoftConnectionRequest request : waitingRequests) {
            handlers.execute(() -> next.accept(request));
        }
    }

    @Override
    public void close() {
        List<PendingConnection> left;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            left = new ArrayList<>(pending);
            requests.clear();
            arrival.complete(null);
        }
        listening.close();
        for (PendingConnection connection : left) {
            connection.loop().execute(() -> connection.abandon("the listener was closed"));
        }
        onClosed.accept(this);
    }
}
