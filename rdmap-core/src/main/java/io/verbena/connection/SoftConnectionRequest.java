package io.verbena.connection;

import io.verbena.mpa.MpaPeerFrame;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A peer's request that waits for the application's decision. Any thread; the work is done on the connection's loop. */
final class SoftConnectionRequest implements ConnectionRequest {
    private final PendingConnection pending;
    private final InetSocketAddress remoteAddress;
    private final MpaPeerFrame frame;
    private final AtomicBoolean decided = new AtomicBoolean();
    private volatile ConnectionFailedException failure;
    private Waiting waiting;

    SoftConnectionRequest(PendingConnection pending, InetSocketAddress remoteAddress, MpaPeerFrame frame) {
        this.pending = pending;
        this.remoteAddress = remoteAddress;
        this.frame = frame;
    }

    void waiting(Waiting how) {
        waiting = how;
    }

    void withdraw(ConnectionFailedException why) {
        failure = why;
    }

    ConnectionFailedException failure() {
        return failure == null ? Failures.ofLoss(remoteAddress, "the peer has gone", null) : failure;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public byte[] privateData() {
        return frame.privateData().octets();
    }

    @Override
    public int revision() {
        return frame.revision();
    }

    @Override
    public boolean enhanced() {
        return frame.enhanced();
    }

    @Override
    public int peerInboundReadDepth() {
        return frame.enhanced() ? frame.inboundReadDepth() : ConnectionParameters.DEPTH_NOT_NEGOTIATED;
    }

    @Override
    public int peerOutboundReadDepth() {
        return frame.enhanced() ? frame.outboundReadDepth() : ConnectionParameters.DEPTH_NOT_NEGOTIATED;
    }

    @Override
    public boolean peerToPeer() {
        return frame.peerToPeer();
    }

    @Override
    public boolean crc() {
        return frame.crcWanted();
    }

    @Override
    public boolean markers() {
        return frame.markersWanted();
    }

    @Override
    public Connection accept(QueuePair queuePair, ConnectionParameters parameters)
            throws ConnectionFailedException, InterruptedException {
        return waiting.forConnection(acceptAsync(queuePair, parameters));
    }

    @Override
    public CompletableFuture<Connection> acceptAsync(QueuePair queuePair, ConnectionParameters parameters) {
        if (!(queuePair instanceof BindableQueuePair bindable)) {
            throw new IllegalArgumentException("the queue pair is of another provider");
        }
        Wishes.requireFitting(parameters.privateData().length, frame.enhanced());
        bindable.reserve();
        if (!decided.compareAndSet(false, true)) {
            bindable.unreserve();
            throw alreadyDecided();
        }
        CompletableFuture<Connection> outcome = new CompletableFuture<>();
        pending.loop().execute(() -> pending.accept(bindable, parameters, outcome));
        return outcome;
    }

    @Override
    public void reject(byte[] privateData) {
        Wishes.requireFitting(privateData.length, frame.enhanced());
        if (!decided.compareAndSet(false, true)) {
            throw alreadyDecided();
        }
        byte[] copy = privateData.clone();
        pending.loop().execute(() -> pending.reject(copy));
    }

    private IllegalStateException alreadyDecided() {
        return new IllegalStateException(
                "the request of " + Failures.text(remoteAddress) + " was accepted or rejected before");
    }

    @Override
    public String toString() {
        return "connection request of " + Failures.text(remoteAddress);
    }
}
