package io.verbena.connection;

import io.verbena.transport.ByteStream;
import io.verbena.transport.EventLoop;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamTransport;
import io.verbena.verbs.cm.PlainStream;
import io.verbena.verbs.cm.PlainStreamListener;
import io.verbena.verbs.cm.PlainStreamListenerOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A listener for plain streams, and the streams that nobody has taken yet.
 *
 * <p>Thread rule: any thread.
 */
final class SoftPlainStreamListener implements PlainStreamListener {
    private final PlainStreams streams;
    private final PlainStreamListenerOptions options;
    private final Waiting waiting;
    private final Executor handlers;
    private final Consumer<SoftPlainStreamListener> onClosed;
    private final StreamTransport.Listening listening;

    private final Object lock = new Object();
    private final ArrayDeque<SoftPlainStream> arrived = new ArrayDeque<>();
    private final Map<SoftPlainStream, EventLoop.Timer> timers = new HashMap<>();
    private CompletableFuture<Void> arrival = new CompletableFuture<>();
    private Consumer<PlainStream> handler;
    private boolean closed;

    SoftPlainStreamListener(
            PlainStreams streams,
            StreamTransport transport,
            InetSocketAddress local,
            PlainStreamListenerOptions options,
            Waiting waiting,
            Executor handlers,
            Consumer<SoftPlainStreamListener> onClosed)
            throws IOException {
        this.streams = streams;
        this.options = options;
        this.waiting = waiting;
        this.handlers = handlers;
        this.onClosed = onClosed;
        listening = transport.listen(
                local,
                Wishes.socket(
                        options.stream().socket(),
                        Patience.nanos(options.stream().deadline()),
                        options.backlog()),
                this::onAccepted);
    }

    private StreamHandler onAccepted(ByteStream bytes) {
        SoftPlainStream stream;
        Consumer<PlainStream> to;
        synchronized (lock) {
            if (closed || arrived.size() >= options.maxWaiting()) {
                return null;
            }
            stream = streams.accepted(bytes, options.stream());
            if (stream == null) {
                return null;
            }
            to = handler;
            if (to == null) {
                wait(stream);
            }
        }
        if (to != null) {
            handlers.execute(() -> to.accept(stream));
        }
        return stream.phase().handler();
    }

    private void wait(SoftPlainStream stream) {
        arrived.add(stream);
        timers.put(
                stream,
                stream.phase().loop().schedule(Patience.nanos(options.takeTimeout()), () -> onTakeTimeout(stream)));
        arrival.complete(null);
    }

    private void onTakeTimeout(SoftPlainStream stream) {
        boolean waits;
        synchronized (lock) {
            waits = timers.remove(stream) != null && arrived.remove(stream);
        }
        if (waits) {
            stream.close();
        }
    }

    /** Takes a stream out of the queue; the timer is withdrawn on its loop. */
    private SoftPlainStream take() {
        SoftPlainStream stream = arrived.poll();
        if (stream != null) {
            EventLoop.Timer timer = timers.remove(stream);
            stream.phase().onLoop(timer::cancel);
        }
        return stream;
    }

    @Override
    public InetSocketAddress localAddress() {
        return listening.localAddress();
    }

    @Override
    public PlainStream nextStream(Duration deadline) throws TimeoutException, InterruptedException {
        Patience patience = new Patience(waiting, deadline);
        CompletableFuture<Void> awaited;
        do {
            synchronized (lock) {
                requireOpen();
                if (handler != null) {
                    throw new IllegalStateException("the streams of this listener go to a handler");
                }
                SoftPlainStream stream = take();
                if (stream != null) {
                    return stream;
                }
                if (arrival.isDone()) {
                    arrival = new CompletableFuture<>();
                }
                awaited = arrival;
            }
        } while (patience.await(awaited));
        throw new TimeoutException(
                "nobody connected to " + Failures.text(localAddress()) + " within " + patience.milliseconds() + " ms");
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the listener is closed");
        }
    }

    @Override
    public void onStream(Consumer<PlainStream> next) {
        List<SoftPlainStream> left;
        synchronized (lock) {
            requireOpen();
            handler = next;
            left = takeAll();
        }
        for (SoftPlainStream stream : left) {
            handlers.execute(() -> next.accept(stream));
        }
    }

    private List<SoftPlainStream> takeAll() {
        List<SoftPlainStream> left = new ArrayList<>();
        for (SoftPlainStream stream = take(); stream != null; stream = take()) {
            left.add(stream);
        }
        return left;
    }

    @Override
    public void close() {
        List<SoftPlainStream> left;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            left = takeAll();
            arrival.complete(null);
        }
        listening.close();
        left.forEach(SoftPlainStream::close);
        onClosed.accept(this);
    }
}
