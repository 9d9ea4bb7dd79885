package io.verbena.connection;

import io.verbena.mpa.MpaAgreement;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionParameters;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** A connection that stands or stood: immutable but for its end. Any thread. */
final class SoftConnection implements Connection {
    private final QueuePair queuePair;
    private final InetSocketAddress localAddress;
    private final InetSocketAddress remoteAddress;
    private final byte[] privateData;
    private final int peerInboundReadDepth;
    private final int peerOutboundReadDepth;
    private final Agreement agreement;
    private final CompletableFuture<FailureCause> closed = new CompletableFuture<>();

    SoftConnection(
            QueuePair queuePair,
            InetSocketAddress localAddress,
            InetSocketAddress remoteAddress,
            MpaAgreement startup,
            Agreement agreement) {
        this.queuePair = queuePair;
        this.localAddress = localAddress;
        this.remoteAddress = remoteAddress;
        privateData = startup.peerPrivateData().octets();
        peerInboundReadDepth = told(startup.peerInboundReadDepth());
        peerOutboundReadDepth = told(startup.peerOutboundReadDepth());
        this.agreement = agreement;
    }

    private static int told(int depth) {
        return depth == MpaAgreement.NOT_TOLD ? ConnectionParameters.DEPTH_NOT_NEGOTIATED : depth;
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
    public int peerInboundReadDepth() {
        return peerInboundReadDepth;
    }

    @Override
    public int peerOutboundReadDepth() {
        return peerOutboundReadDepth;
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
