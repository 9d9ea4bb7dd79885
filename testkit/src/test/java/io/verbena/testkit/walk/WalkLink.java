package io.verbena.testkit.walk;

import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** Two queue pairs that are connected, and connected again when an error has ended their connection. */
final class WalkLink {
    private static final long FIRST = 0;

    final WalkEnd client;
    final WalkEnd server;
    private final Walkway way;
    private final ConnectionListener listener;

    WalkLink(Walkway way, ConnectionListener listener, WalkEnd client, WalkEnd server) {
        this.way = way;
        this.listener = listener;
        this.client = client;
        this.server = server;
        connect();
    }

    /** Brings both ends from Error to a new connection. */
    void reconnect() {
        way.await("both ends of the link in Error", () -> {
            client.poll();
            server.poll();
            return ended(client) && ended(server);
        });
        for (WalkEnd end : new WalkEnd[] {client, server}) {
            if (end.queuePair.state() == QueuePairState.ERROR) {
                end.queuePair.modify(QueuePairState.IDLE);
            }
            end.poll();
            end.completions.clear();
            end.device.connectionEnded(end);
        }
        connect();
    }

    private static boolean ended(WalkEnd end) {
        QueuePairState state = end.queuePair.state();
        return state == QueuePairState.ERROR || state == QueuePairState.IDLE;
    }

    private void connect() {
        ConnectionParameters parameters = ConnectionParameters.defaults();
        CompletableFuture<Connection> connecting =
                client.device.device.connectAsync(client.queuePair, listener.localAddress(), parameters);
        ConnectionRequest[] request = new ConnectionRequest[1];
        way.await("a connection request", () -> {
            request[0] = next();
            return request[0] != null;
        });
        CompletableFuture<Connection> accepting = request[0].acceptAsync(server.queuePair, parameters);
        way.await("both ends of the link connected", () -> connecting.isDone() && accepting.isDone());
        connecting.join();
        accepting.join();
        // The server may speak once it has heard from the client (RFC 5044 section 7.1.2).
        client.queuePair
                .postSend(new SendRequest().read(0, 0).local(0, 0, 0).id(FIRST))
                .orThrow();
        way.await("the first Read of the link", () -> {
            client.poll();
            return client.completion(FIRST) != null;
        });
        client.completions.clear();
    }

    private ConnectionRequest next() {
        try {
            return listener.nextRequest(Duration.ZERO);
        } catch (TimeoutException notYet) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    WalkEnd other(WalkEnd end) {
        return end == client ? server : client;
    }
}
