package io.verbena.testkit.simulated;

import io.verbena.transport.EventLoop;
import io.verbena.transport.StreamError;
import io.verbena.transport.StreamHandler;
import io.verbena.transport.StreamOptions;
import io.verbena.transport.StreamTransport.ConnectOutcome;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;

/**
 * An attempt to connect in the simulated network: one message there, one back.
 *
 * <p>Thread rule: the network's thread.
 */
final class SimulatedConnect {
    private final SimulatedTransport transport;
    private final SimulatedNetwork network;
    private final InetSocketAddress remote;
    private final StreamOptions options;
    private final ConnectOutcome outcome;
    private EventLoop.Timer deadline;
    private boolean ended;

    SimulatedConnect(
            SimulatedTransport transport, InetSocketAddress remote, StreamOptions options, ConnectOutcome outcome) {
        this.transport = transport;
        this.network = transport.network();
        this.remote = remote;
        this.options = options;
        this.outcome = outcome;
    }

    void start() {
        if (remote.isUnresolved()) {
            fail(StreamError.UNREACHABLE, new UnknownHostException(remote.getHostString()));
            return;
        }
        deadline = transport.loop().schedule(options.connectTimeoutNs(), this::onDeadline);
        InetSocketAddress local =
                new InetSocketAddress(remote.getAddress(), network.ports().freePort());
        LinkOptions link = network.optionsOf(remote);
        network.trace(local, remote, "SYN");
        network.agenda().traffic(link.latencyNs(), () -> arrive(local, link));
    }

    /** The attempt is there. */
    private void arrive(InetSocketAddress local, LinkOptions link) {
        if (network.ports().isSilent(remote)) {
            return;
        }
        Ports.Listener listener = network.ports().find(remote);
        if (listener == null) {
            network.trace(remote, local, "RST");
            network.agenda()
                    .traffic(
                            link.latencyNs(),
                            () -> fail(StreamError.REFUSED, new ConnectException("nobody listens at " + remote)));
            return;
        }
        SimulatedLink made = new SimulatedLink(
                network, link, transport, local, options, listener.transport(), remote, listener.options());
        network.made(made);
        network.trace(remote, local, "SYN ACK");
        made.toClient().inOrder(() -> onAnswer(made.client()));
        made.server().accept(listener.handler());
    }

    private void onAnswer(SimulatedStream stream) {
        if (ended) {
            stream.reset();
            return;
        }
        end();
        transport.opened(stream);
        try {
            StreamHandler handler = outcome.onConnected(stream);
            stream.start(Objects.requireNonNull(handler, "onConnected returned no handler"));
        } catch (Throwable failure) {
            stream.reset();
            SimulatedEventLoop.onUncaught(failure);
        }
    }

    private void onDeadline() {
        fail(
                StreamError.TIMED_OUT,
                new SocketTimeoutException(
                        "no answer from " + remote + " within " + options.connectTimeoutNs() / 1_000_000 + " ms"));
    }

    void onTransportClosed() {
        fail(StreamError.TRANSPORT_CLOSED, new ClosedChannelException());
    }

    private void fail(StreamError error, Exception cause) {
        if (ended) {
            return;
        }
        end();
        try {
            outcome.onConnectFailed(error, cause);
        } catch (Throwable failure) {
            SimulatedEventLoop.onUncaught(failure);
        }
    }

    private void end() {
        ended = true;
        transport.forget(this);
        if (deadline != null) {
            deadline.cancel();
        }
    }
}
