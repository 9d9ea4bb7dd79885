package io.verbena.testkit.simulated;

import io.verbena.transport.EventLoop;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamOptions;
import io.verbena.transport.StreamTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * The transport of one simulated device: one loop, and its place in the network.
 *
 * <p>Thread rule: as {@link StreamTransport} says; the sets belong to the network's thread.
 */
final class SimulatedTransport implements StreamTransport {
    private final SimulatedNetwork network;
    private final SimulatedEventLoop loop;
    private final Set<SimulatedStream> streams = new LinkedHashSet<>();
    private final Set<SimulatedConnect> attempts = new LinkedHashSet<>();
    private boolean closed;

    SimulatedTransport(SimulatedNetwork network) {
        this.network = network;
        loop = new SimulatedEventLoop(network);
    }

    SimulatedNetwork network() {
        return network;
    }

    SimulatedEventLoop loop() {
        return loop;
    }

    void opened(SimulatedStream stream) {
        streams.add(stream);
    }

    void forget(SimulatedStream stream) {
        streams.remove(stream);
    }

    void forget(SimulatedConnect attempt) {
        attempts.remove(attempt);
    }

    @Override
    public String name() {
        return "simulated, seed 0x" + Long.toHexString(network.seed());
    }

    @Override
    public int loopCount() {
        return 1;
    }

    @Override
    public EventLoop loop(int index) {
        if (index != 0) {
            throw new IndexOutOfBoundsException("loop " + index + " of 1");
        }
        return loop;
    }

    @Override
    public void connect(EventLoop on, InetSocketAddress remote, StreamOptions options, ConnectOutcome outcome) {
        if (on != loop) {
            throw new IllegalArgumentException("loop " + on.index() + " is not a loop of this transport");
        }
        SimulatedConnect attempt = new SimulatedConnect(this, remote, options, outcome);
        try {
            loop.execute(() -> {
                attempts.add(attempt);
                attempt.start();
            });
        } catch (RejectedExecutionException loopClosed) {
            outcome.onConnectFailed(StreamError.TRANSPORT_CLOSED, loopClosed);
        }
    }

    @Override
    public Listening listen(InetSocketAddress local, StreamOptions options, AcceptHandler handler) throws IOException {
        return network.ports().listen(this, local, options, handler);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        network.own("close a device");
        network.ports().closeAllOf(this);
        for (SimulatedConnect attempt : List.copyOf(attempts)) {
            attempt.onTransportClosed();
        }
        for (SimulatedStream stream : List.copyOf(streams)) {
            stream.onTransportClosed(new ClosedChannelException());
        }
        loop.close();
        network.forget(this);
    }
}
