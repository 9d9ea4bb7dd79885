package io.verbena.connection;

import io.verbena.engine.EngineContext;
import io.verbena.transport.StreamTransport;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionLostException;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import io.verbena.verbs.cm.PlainStream;
import io.verbena.verbs.cm.StreamBinding;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * A plain stream as the application sees it: waits, and starts MPA. The octets are with {@link PlainPhase}.
 *
 * <p>Thread rule: any thread.
 */
final class SoftPlainStream implements PlainStream {
    private final EngineContext context;
    private final StreamTransport transport;
    private final StreamTable streams;
    private final Waiting waiting;
    private final PlainPhase phase;
    private final StreamEntry entry;
    private volatile Runnable giveUp = () -> {};

    SoftPlainStream(
            EngineContext context, StreamTransport transport, StreamTable streams, Waiting waiting, PlainPhase phase) {
        this.context = context;
        this.transport = transport;
        this.streams = streams;
        this.waiting = waiting;
        this.phase = phase;
        entry = phase.entry();
    }

    PlainPhase phase() {
        return phase;
    }

    @Override
    public InetSocketAddress localAddress() {
        return entry.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return entry.remoteAddress();
    }

    @Override
    public StreamBinding binding() {
        return entry.binding();
    }

    // ---- streaming mode ----

    @Override
    public int read(ByteBuffer borrowed, Duration deadline)
            throws ConnectionLostException, TimeoutException, InterruptedException {
        return read(borrowed, new Patience(waiting, deadline));
    }

    @Override
    public void readFully(ByteBuffer borrowed, Duration deadline)
            throws ConnectionLostException, TimeoutException, InterruptedException {
        Patience patience = new Patience(waiting, deadline);
        int wanted = borrowed.remaining();
        while (borrowed.hasRemaining()) {
            if (read(borrowed, patience) < 0) {
                throw new ConnectionLostException(
                        "the stream " + entry.addresses() + " ended after " + (wanted - borrowed.remaining()) + " of "
                                + wanted + " octets",
                        null);
            }
        }
    }

    private int read(ByteBuffer borrowed, Patience patience)
            throws ConnectionLostException, TimeoutException, InterruptedException {
        while (true) {
            // Taken before the look, so that what arrives behind the look is not slept through.
            CompletableFuture<Void> change = phase.nextChange();
            int octets = phase.read(borrowed);
            if (octets != 0 || !borrowed.hasRemaining()) {
                return octets;
            }
            if (!patience.await(change)) {
                throw new TimeoutException("nothing arrived on the stream " + entry.addresses() + " within "
                        + patience.milliseconds() + " ms");
            }
        }
    }

    @Override
    public void write(ByteBuffer borrowed, Duration deadline)
            throws ConnectionLostException, TimeoutException, InterruptedException {
        Patience patience = new Patience(waiting, deadline);
        CompletableFuture<Void> change = phase.nextChange();
        while (!phase.write(borrowed)) {
            if (!patience.await(change)) {
                throw new TimeoutException("TCP did not take all octets for the stream " + entry.addresses()
                        + " within " + patience.milliseconds() + " ms: " + borrowed.remaining()
                        + " were not looked at");
            }
            change = phase.nextChange();
        }
    }

    @Override
    public void endOutput() {
        phase.endOutput();
    }

    // ---- MPA ----

    @Override
    public Connection startMpa(QueuePair queuePair, ConnectionParameters parameters)
            throws ConnectionFailedException, InterruptedException {
        return waiting.forConnection(startMpaAsync(queuePair, parameters));
    }

    @Override
    public CompletableFuture<Connection> startMpaAsync(QueuePair queuePair, ConnectionParameters parameters) {
        if (!(queuePair instanceof BindableQueuePair bindable)) {
            throw new IllegalArgumentException("the queue pair is of another provider");
        }
        Wishes.requirePossible(parameters);
        bindable.reserve();
        CompletableFuture<Connection> outcome = new CompletableFuture<>();
        try {
            phase.beginStartup();
        } catch (ConnectionLostException broken) {
            bindable.unreserve();
            outcome.completeExceptionally(broken);
            return outcome;
        } catch (IllegalStateException misuse) {
            bindable.unreserve();
            throw misuse;
        }
        giveUp = () -> outcome.cancel(false);
        new ConnectAttempt(context, transport, streams, bindable, remoteAddress(), parameters, outcome, phase).start();
        return outcome;
    }

    @Override
    public ConnectionRequest awaitMpa(Duration deadline) throws ConnectionFailedException, InterruptedException {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline " + deadline + " must be above zero");
        }
        phase.beginStartup();
        AwaitedRequest awaited = new AwaitedRequest(waiting);
        PendingConnection pending = new PendingConnection(context, awaited, phase);
        giveUp = () -> phase.onLoop(() -> pending.abandon("the stream was closed"));
        long deadlineNs = Patience.nanos(deadline);
        phase.onLoop(() -> phase.handOver(pending, () -> pending.begin(deadlineNs)));
        try {
            return awaited.await(remoteAddress(), deadlineNs);
        } catch (ConnectionFailedException | InterruptedException failed) {
            giveUp.run();
            throw failed;
        }
    }

    @Override
    public void close() {
        phase.close();
        if (entry.binding().kind() == StreamBinding.Kind.STARTUP) {
            giveUp.run();
        }
    }

    @Override
    public String toString() {
        return "plain stream " + entry.addresses();
    }
}
