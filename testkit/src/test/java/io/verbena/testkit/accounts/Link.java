package io.verbena.testkit.accounts;

import io.verbena.testkit.simulated.SimulatedLink;
import io.verbena.verbs.QueuePairState;

/** Two queue pairs that are connected again and again; either may be replaced by another in between. */
final class Link {
    final int index;
    final boolean inOrder;
    final Lane toServer;
    final Lane toClient;
    End client;
    End server;
    /** Counts its connections. */
    int connection;
    /** Something has happened that the present connection has to, or may, end by. */
    boolean ending = true;
    /** What lies below the present connection, or the last one; null before the first. */
    SimulatedLink wire;

    Link(int index, boolean inOrder, Host clientHost, Host serverHost) {
        this.index = index;
        this.inOrder = inOrder;
        toServer = new Lane(serverHost.targets, inOrder);
        toClient = new Lane(clientHost.targets, inOrder);
    }

    boolean connected() {
        return client.state == QueuePairState.RTS && server.state == QueuePairState.RTS;
    }

    @Override
    public String toString() {
        return "link " + index;
    }
}
