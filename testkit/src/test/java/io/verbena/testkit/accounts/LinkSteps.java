package io.verbena.testkit.accounts;

import io.verbena.testkit.simulated.LinkDirection;
import io.verbena.testkit.simulated.SimulatedNetwork;
import io.verbena.verbs.MissingReceive;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** The steps that make, end and mend connections. */
final class LinkSteps {
    static final int SEND_DEPTH = 8;
    static final int RECEIVE_DEPTH = 8;
    static final int ELEMENTS = 3;
    static final int INLINE_OCTETS = 128;
    private static final Duration LONGEST = Duration.ofSeconds(1);

    /** Every so many servers have a receive queue of their own, and every so many clients a shared one. */
    private static final int EXCEPTIONS = 7;

    private final SimulatedNetwork network;
    private final SplittableRandom random;
    private final Journal journal;
    private final ConnectionListener listener;
    private final Host clients;
    private final Host servers;
    private final Consumer<End> beforeItsEnd;
    private final List<LinkDirection> stalled = new ArrayList<>();

    LinkSteps(
            SimulatedNetwork network,
            SplittableRandom random,
            Journal journal,
            ConnectionListener listener,
            Host clients,
            Host servers,
            Consumer<End> beforeItsEnd) {
        this.network = network;
        this.random = random;
        this.journal = journal;
        this.listener = listener;
        this.clients = clients;
        this.servers = servers;
        this.beforeItsEnd = beforeItsEnd;
    }

    /** Creates the client of a link. */
    void createClient(Link link) {
        boolean sharing = link.index % EXCEPTIONS == 0;
        ModelCompletions both = clients.completions.get(link.index % clients.completions.size());
        link.client = create(clients, link, false, sharing ? clients.queues.get(0) : null, both, both);
    }

    /** Creates the server of a link: with which queues changes from one to the next. */
    void createServer(Link link) {
        boolean sharing = random.nextInt(EXCEPTIONS) > 0;
        ModelQueue queue = sharing ? servers.queues.get(random.nextInt(servers.queues.size())) : null;
        ModelCompletions ofSends = anyCompletions();
        ModelCompletions ofReceives = random.nextInt(3) == 0 ? anyCompletions() : ofSends;
        link.server = create(servers, link, true, queue, ofSends, ofReceives);
    }

    private ModelCompletions anyCompletions() {
        return servers.completions.get(random.nextInt(servers.completions.size()));
    }

    private End create(
            Host host,
            Link link,
            boolean server,
            ModelQueue shared,
            ModelCompletions ofSends,
            ModelCompletions ofReceives) {
        QueuePairOptions options = QueuePairOptions.with(ofSends.queue, ofReceives.queue)
                .withDepths(SEND_DEPTH, RECEIVE_DEPTH)
                .withElements(ELEMENTS, ELEMENTS)
                .withMaxInlineOctets(INLINE_OCTETS);
        if (shared != null) {
            options = options.withSharedReceiveQueue(shared.queue, 1 + random.nextInt(5));
        } else if (random.nextBoolean()) {
            options = options.withMissingReceive(MissingReceive.PAUSE);
        }
        return new End(host, link, server, host.domain.createQueuePair(options), shared, ofSends, ofReceives);
    }

    /** Connects a link whose ends are both Idle. */
    void connect(Link link) {
        journal.line(link + " connects");
        link.connection++;
        link.toServer.reconnect(link.connection);
        link.toClient.reconnect(link.connection);
        link.ending = false;
        ConnectionParameters parameters = ConnectionParameters.defaults();
        CompletableFuture<Connection> connecting =
                clients.device.connectAsync(link.client.queuePair, listener.localAddress(), parameters);
        ConnectionRequest[] request = new ConnectionRequest[1];
        network.run(
                () -> {
                    request[0] = next();
                    return request[0] != null;
                },
                LONGEST);
        CompletableFuture<Connection> accepting = request[0].acceptAsync(link.server.queuePair, parameters);
        network.run(() -> connecting.isDone() && accepting.isDone(), LONGEST);
        accepting.join();
        link.wire = network.link(connecting.join());
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

    /** Brings a link nearer to its next connection, if it has none. */
    void mend(Link link) {
        for (End end : List.of(link.client, link.server)) {
            if (end.state == QueuePairState.ERROR) {
                journal.line(end + " goes back to Idle");
                end.queuePair.modify(QueuePairState.IDLE);
            }
        }
        if (link.client.state == QueuePairState.IDLE && link.server.state == QueuePairState.IDLE) {
            connect(link);
        }
    }

    /** Ends a connection, or a queue pair, in one of many ways. */
    void end(Link link) {
        End end = random.nextBoolean() ? link.client : link.server;
        int way = random.nextInt(8);
        if (way < 2) {
            replace(link, end);
            return;
        }
        if (!link.connected()) {
            journal.line(end + " is aborted");
            end.queuePair.abort();
            return;
        }
        link.ending = true;
        if (end.inTheMiddleOfAMessage() && random.nextBoolean()) {
            journal.line(end + " is closed in the middle of a message");
            end.queuePair.modify(QueuePairState.CLOSING);
            return;
        }
        switch (way) {
            case 2 -> {
                journal.line(end + " is aborted");
                end.queuePair.abort();
            }
            case 3 -> {
                journal.line(end + " is moved to Error");
                end.queuePair.modify(QueuePairState.ERROR);
            }
            case 4 -> {
                journal.line(end + " is terminated");
                end.queuePair.modify(QueuePairState.TERMINATE);
            }
            case 5 -> {
                journal.line(end + " is closed");
                end.queuePair.modify(QueuePairState.CLOSING);
            }
            case 6 -> {
                journal.line(link + " is reset");
                link.wire.reset();
            }
            default -> {
                journal.line(end + " disconnects");
                var unused = end.queuePair.disconnectAsync(Duration.ofMillis(1 + random.nextInt(20)));
            }
        }
    }

    private void replace(Link link, End end) {
        journal.line(end + " is destroyed, another takes its place");
        beforeItsEnd.accept(end);
        end.destroy();
        if (end == link.client) {
            createClient(link);
        } else {
            createServer(link);
        }
    }

    /** Holds up a direction of a link: its sender is a client, or server, that stops. */
    void stall(Link link) {
        if (link.wire == null || !link.connected()) {
            return;
        }
        LinkDirection direction = random.nextBoolean() ? link.wire.toServer() : link.wire.toClient();
        journal.line(link + " is held up");
        // A peer that stops in the middle of an FPDU is given up after a while.
        link.ending = true;
        direction.stall();
        stalled.add(direction);
    }

    void resume() {
        if (!stalled.isEmpty()) {
            journal.line("a link goes on");
            stalled.remove(random.nextInt(stalled.size())).resume();
        }
    }

    void resumeAll() {
        stalled.forEach(LinkDirection::resume);
        stalled.clear();
    }
}
