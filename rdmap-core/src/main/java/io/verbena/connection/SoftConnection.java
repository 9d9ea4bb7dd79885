package io.verbena.connection;

import io.verbena.verbs.FailureCause;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.cm.Connection;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** A connection that stands or stood: immutable but for its end. Any thread. */
final class SoftConnection implements Connection {
    private final QueuePair queuePair;
    private final InetSocketAddress localAddress;
    private final InetSocketAddress remoteAddress;
    private final byte[] privateData;
    private final Agreement agreement;
    private final CompletableFuture<FailureCause> closed = new CompletableFuture<>();

    SoftConnection(
            QueuePair queuePair,
            InetSocketAddress localAddress,
            InetSocketAddress remoteAddress,
            byte[] privateData,
            Agreement agreement) {
        this.queuePair = queuePair;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
        this.privateData = privateData;
        this.agreement = agreement;
    }

    void end(FailureCause cause) {
        closed.complete(cause);
    }

    @Override
    public QueuePair queuePair() {
        return queuePair;
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remoteAddress;
    }

    @Override
    public byte[] privateData() {
        return privateData.clone();
    }

    @Override
    public Agreement agreement() {
        return agreement;
    }

    @Override
    public CompletableFuture<FailureCause> closed() {
        return closed.copy();
    }

    @Override
    public String toString() {
        return "connection of queue pair " + queuePair.number() + " from " + localAddress + " to " + remoteAddress;
    }
}
