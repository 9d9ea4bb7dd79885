package io.verbena.testkit;

import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.Device;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SharedReceiveQueue;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionRequest;
import io.verbena.verbs.cm.ReadyToReceive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * Two devices (or one) with queue pairs that are connected over loopback TCP.
 *
 * <pre>{@code
 * try (DevicePair pair = DevicePair.open(PairOptions.defaults())) {
 *     pair.server().postReceive(1, region);
 *     pair.client().queuePair().postSend(...);
 *     pair.server().awaitReceiveSuccess();
 * }
 * }</pre>
 *
 * <p>Closing it closes all that was made through it and insists that nothing is left: no object on the devices, no thread.
 *
 * <p>Thread rule: the test's thread; for caller-driven devices it is the one that makes progress.
 */
public final class DevicePair implements AutoCloseable {
    private final DeviceThreads threads = new DeviceThreads();
    private final PairOptions options;
    private final PairSide clientSide;
    private final PairSide serverSide;
    private final ConnectionListener listener;
    private final List<PairEnd> ends = new ArrayList<>();
    private final PairLink first;
    private boolean closed;

    private DevicePair(PairOptions options) {
        this.options = options;
        clientSide = new PairSide(options.clientDevice(), options.opener());
        serverSide = options.oneDevice() ? clientSide : new PairSide(options.serverDevice(), options.opener());
        try {
            listener = serverSide.device().listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        first = connectAnother();
    }

    /** Opens the devices and connects a queue pair of each. */
    public static DevicePair open(PairOptions options) {
        return new DevicePair(options);
    }

    /** Returns the end that connected. */
    public PairEnd client() {
        return first.client();
    }

    /** Returns the end that accepted. */
    public PairEnd server() {
        return first.server();
    }

    /** Returns the client's device. */
    public Device clientDevice() {
        return clientSide.device();
    }

    /** Returns the server's device. */
    public Device serverDevice() {
        return serverSide.device();
    }

    /** Returns the client's protection domain. */
    public ProtectionDomain clientDomain() {
        return clientSide.domain();
    }

    /** Returns the server's protection domain. */
    public ProtectionDomain serverDomain() {
        return serverSide.domain();
    }

    /** Returns the server's listener; a test may take requests from it. */
    public ConnectionListener listener() {
        return listener;
    }

    /** Returns what the pair was made with. */
    public PairOptions options() {
        return options;
    }

    /** Makes a queue pair with completion queues on each device and connects them with the pair's options. */
    public PairLink connectAnother() {
        PairLink link = new PairLink(newClientEnd(), newServerEnd());
        connect(link);
        return link;
    }

    /** Does the same with a server's queue pair whose receives come from {@code queue}, with this weight. */
    public PairLink connectSharing(SharedReceiveQueue queue, int weight) {
        return connectSharing(options -> options.withSharedReceiveQueue(queue, weight));
    }

    /** Does the same with changed options of the server's queue pair. */
    public PairLink connectSharing(UnaryOperator<QueuePairOptions> changes) {
        PairLink link = new PairLink(newClientEnd(), newServerEnd(changes));
        connect(link);
        return link;
    }

    /** Creates a shared receive queue on the server's device; the pair closes it. */
    public SharedReceiveQueue serverSharedReceives(SharedReceiveQueueOptions wished) {
        return serverSide.adopt(serverSide.domain().createSharedReceiveQueue(wished));
    }

    /** Returns the asynchronous events of the server's device so far, in their order. */
    public List<AsyncEvent> serverEvents() {
        return List.copyOf(serverSide.events());
    }

    /** Makes a client's end that is not connected yet. */
    public PairEnd newClientEnd() {
        return newEnd(clientSide);
    }

    /** Makes a server's end that is not connected yet. */
    public PairEnd newServerEnd() {
        return newEnd(serverSide);
    }

    /** Makes a server's end with changed options that is not connected yet. */
    public PairEnd newServerEnd(UnaryOperator<QueuePairOptions> changes) {
        return newEnd(serverSide, changes);
    }

    private PairEnd newEnd(PairSide side) {
        return newEnd(side, UnaryOperator.identity());
    }

    private PairEnd newEnd(PairSide side, UnaryOperator<QueuePairOptions> changes) {
        PairEnd end = new PairEnd(side, options, changes, this::progress);
        ends.add(end);
        return end;
    }

    /** Connects two ends whose queue pairs are in Idle, with the pair's options. */
    public void connect(PairLink link) {
        boolean opensWithSend = options.clientParameters().readyToReceive().equals(Set.of(ReadyToReceive.SEND));
        if (opensWithSend) {
            link.server()
                    .queuePair()
                    .postReceive(new ReceiveRequest().receive(0))
                    .orThrow();
        }
        CompletableFuture<Connection> connecting = clientSide
                .device()
                .connectAsync(link.client().queuePair(), listener.localAddress(), options.clientParameters());
        ConnectionRequest request = nextRequest(connecting);
        CompletableFuture<Connection> accepting =
                request.acceptAsync(link.server().queuePair(), options.serverParameters());
        await("both ends connected", () -> connecting.isDone() && accepting.isDone());
        connecting.join();
        accepting.join();
        if (opensWithSend) {
            link.server().awaitReceiveSuccess();
        }
    }

    private ConnectionRequest nextRequest(CompletableFuture<Connection> connecting) {
        ConnectionRequest[] next = new ConnectionRequest[1];
        await("a connection request", () -> {
            if (connecting.isCompletedExceptionally()) {
                connecting.join();
            }
            try {
                next[0] = listener.nextRequest(Duration.ZERO);
            } catch (TimeoutException e) {
                // Not yet: the wait around this is bounded.
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for a connection request", e);
            }
            return true;
        });
        return next[0];
    }

    /** Makes caller-driven devices progress once; does nothing for others. */
    public void progress() {
        clientSide.progress();
        if (serverSide != clientSide) {
            serverSide.progress();
        }
    }

    /** Waits for a condition; caller-driven devices make progress meanwhile. */
    public void await(String what, BooleanSupplier condition) {
        SystemDeadline.awaitUsual(what, () -> {
            progress();
            return condition.getAsBoolean();
        });
    }

    /**
     * Closes everything.
     *
     * @throws AssertionError if something is left that the pair did not make, or a thread of a device lives on
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            listener.close();
            ends.forEach(PairEnd::close);
            clientSide.closeMemory();
            if (serverSide != clientSide) {
                serverSide.closeMemory();
            }
            clientSide.requireEmpty();
            serverSide.requireEmpty();
        } finally {
            clientSide.device().close();
            serverSide.device().close();
        }
        threads.requireGone();
    }
}
