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
import java.util.List;
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
    private final Consumer<SoftPlainStreamListener> onClosed;
    private final Arrivals<Untaken> arrived;
    private final StreamTransport.Listening listening;

    private final Object lock = new Object();
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
        arrived = new Arrivals<>("streams", waiting, handlers);
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
        Untaken one;
        synchronized (lock) {
            if (closed || arrived.untaken() >= options.maxWaiting()) {
                return null;
            }
            SoftPlainStream stream = streams.accepted(bytes, options.stream());
            if (stream == null) {
                return null;
            }
            one = new Untaken(stream);
            arrived.add(one);
        }
        return one.stream.phase().handler();
    }

    /** A stream that nobody has taken yet, and the timer that closes it. Made on its loop. */
    private final class Untaken {
        final SoftPlainStream stream;
        private final EventLoop.Timer timer;

        Untaken(SoftPlainStream stream) {
            this.stream = stream;
            timer = stream.phase().loop().schedule(Patience.nanos(options.takeTimeout()), this::onTimeout);
        }

        private void onTimeout() {
            if (arrived.remove(this)) {
                stream.close();
            }
        }

        /** Somebody has taken it. Any thread. */
        SoftPlainStream taken() {
            stream.phase().onLoop(timer::cancel);
            return stream;
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return listening.localAddress();
    }

    @Override
    public PlainStream nextStream(Duration deadline) throws TimeoutException, InterruptedException {
        Untaken one = arrived.next(deadline);
        if (one == null) {
            throw new TimeoutException(
                    "nobody connected to " + Failures.text(localAddress()) + " within " + deadline.toMillis() + " ms");
        }
        return one.taken();
    }

    @Override
    public void onStream(Consumer<PlainStream> next) {
        arrived.handTo(one -> next.accept(one.taken()));
    }

    @Override
    public void close() {
        List<Untaken> left;
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            left = arrived.close();
        }
        listening.close();
        left.forEach(one -> one.taken().close());
        onClosed.accept(this);
    }
}
