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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
    private final Consumer<SoftConnectionListener> onClosed;
    private final Arrivals<ConnectionRequest> requests;
    private final StreamTransport.Listening listening;

    private final Object lock = new Object();
    private final Set<PendingConnection> pending = new LinkedHashSet<>();
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
        requests = new Arrivals<>("requests", waiting, handlers);
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
        requests.add(request);
    }

    @Override
    public void onOver(PendingConnection connection, SoftConnectionRequest request, ConnectionFailedException failure) {
        synchronized (lock) {
            pending.remove(connection);
        }
        requests.remove(request);
    }

    @Override
    public InetSocketAddress localAddress() {
        return listening.localAddress();
    }

    @Override
    public ConnectionRequest nextRequest(Duration deadline) throws TimeoutException, InterruptedException {
        ConnectionRequest request = requests.next(deadline);
        if (request == null) {
            throw new TimeoutException("no connection request arrived at " + Failures.text(localAddress()) + " within "
                    + deadline.toMillis() + " ms");
        }
        return request;
    }

    @Override
    public void onRequest(Consumer<ConnectionRequest> next) {
        requests.handTo(next);
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
            requests.close();
        }
        listening.close();
        for (PendingConnection connection : left) {
            connection.loop().execute(() -> connection.abandon("the listener was closed"));
        }
        onClosed.accept(this);
    }
}
