package io.verbena.testkit.accounts;

import io.verbena.testkit.simulated.LinkOptions;
import io.verbena.testkit.simulated.OutOfOrder;
import io.verbena.testkit.simulated.SimulatedNetwork;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.GiveBack;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRefusal;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.cm.ConnectionListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Walks: many clients, one server device with several shared receive queues, and step by step something random, right or
 * wrong. After each step every account, every queue and every event has to be what the model says.
 *
 * <p>All of it happens in the test's thread and under virtual time, so a seed replays it.
 */
final class AccountsWalk implements AutoCloseable {
    private static final int SHARED_QUEUES = 4;
    /** The server's queue whose messages draw several receives. */
    private static final int SEVERAL = 2;

    private static final int RECEIVES_PER_MESSAGE = 3;
    private static final int CLIENTS_PER_COMPLETION_QUEUE = 16;
    private static final int ROOMY = 1 << 14;
    private static final int NARROW = 24;
    private static final int TARGET_OCTETS = 512;
    private static final int REVOCABLES = 8;
    private static final int THOROUGH_EVERY = 50;
    private static final Duration LONG = Duration.ofSeconds(60);

    private final SimulatedNetwork network;
    private final SplittableRandom random;
    private final Journal journal = new Journal();
    private final Witness witness = new Witness(journal);
    private final Host clients;
    private final Host servers;
    private final Places clientReceives;
    private final Places serverReceives;
    private final List<Link> links = new ArrayList<>();
    private final ConnectionListener listener;
    private final LinkSteps linkSteps;
    private final TrafficSteps traffic;
    private final QueueSteps queueSteps;
    private int step;

    /** Opens both devices and connects all links. */
    AccountsWalk(long seed, int linkCount, boolean inOrder) {
        random = new SplittableRandom(seed);
        network = SimulatedNetwork.seeded(random.nextLong());
        LinkOptions options = LinkOptions.defaults()
                .withSegmentOctets(random.nextBoolean() ? 1460 : 400)
                .withReadOctets(random.nextBoolean() ? 0 : 1000);
        network.linkOptions(inOrder ? options : options.withOutOfOrder(OutOfOrder.random()));
        clients = open("clients", linkCount);
        servers = open("server", linkCount);
        clientReceives = receives(clients, linkCount);
        serverReceives = receives(servers, linkCount);
        for (int i = 0; i < linkCount; i += CLIENTS_PER_COMPLETION_QUEUE) {
            clients.addCompletionQueue(ROOMY);
        }
        // Dedicated completion queues come from queue pairs that nobody shares theirs with by chance.
        for (int i = 0; i < linkCount / 4; i++) {
            servers.addCompletionQueue(i % 5 == 0 ? NARROW : ROOMY);
        }
        addSharedQueue(clients, 0);
        for (int i = 0; i < SHARED_QUEUES; i++) {
            addSharedQueue(servers, i);
        }
        listener = listen();
        traffic = new TrafficSteps(random, journal);
        queueSteps = new QueueSteps(random, journal);
        linkSteps = new LinkSteps(network, random, journal, listener, clients, servers, queueSteps::willEnd);
        for (int i = 0; i < linkCount; i++) {
            Link link = new Link(i, inOrder, clients, servers);
            links.add(link);
            linkSteps.createClient(link);
            linkSteps.createServer(link);
            linkSteps.connect(link);
        }
        check();
    }

    private Host open(String name, int linkCount) {
        Host host = new Host(
                name,
                network.open(DeviceOptions.defaults().withName(name).withListener(witness)),
                linkCount,
                TARGET_OCTETS);
        witness.watch(host);
        for (int i = 0; i < REVOCABLES; i++) {
            host.addRevocable();
        }
        return host;
    }

    private static Places receives(Host host, int linkCount) {
        return new Places(
                host.domain, linkCount * LinkSteps.RECEIVE_DEPTH, TrafficSteps.RECEIVE_OCTETS, AccessFlag.LOCAL_WRITE);
    }

    private void addSharedQueue(Host host, int index) {
        int depth = 24 + random.nextInt(QueueSteps.MOST_DEPTH - 24);
        ModelLimits limits = ModelLimits.random(random, depth);
        SharedReceiveQueueOptions options = SharedReceiveQueueOptions.ofDepth(depth)
                .withMaxElements(LinkSteps.ELEMENTS)
                .withLimits(limits.manager())
                .withRefusal(index % 4 == 1 ? ReceiveRefusal.DROP_CONNECTION : ReceiveRefusal.DROP_MESSAGE)
                .withGiveBack(index < 2 ? GiveBack.WHEN_CONSUMED : GiveBack.BY_APPLICATION)
                .withReceivesPerMessage(index == SEVERAL ? RECEIVES_PER_MESSAGE : 1)
                .withLowWatermark(random.nextInt(depth / 2));
        int octets = index == SEVERAL ? TrafficSteps.RECEIVE_OCTETS / 2 : TrafficSteps.RECEIVE_OCTETS;
        Places places = new Places(host.domain, QueueSteps.MOST_DEPTH, octets, AccessFlag.LOCAL_WRITE);
        host.queues.add(new ModelQueue(host.domain.createSharedReceiveQueue(options), limits, places, host::expect));
    }

    private ConnectionListener listen() {
        try {
            return servers.device.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes {@code steps} steps, and then ends everything in order. */
    void walk(int steps) {
        try {
            for (step = 1; step <= steps; step++) {
                step();
                check();
                if (step % THOROUGH_EVERY == 0) {
                    clients.checkThoroughly();
                    servers.checkThoroughly();
                }
            }
            journal.line("the end");
            finish();
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(
                    "step " + step + ": " + failure.getMessage() + "\nthe last steps were\n" + journal, failure);
        }
    }

    private void step() {
        int choice = random.nextInt(100);
        if (choice < 18) {
            traffic.receives(anySharedQueue(), 1 + random.nextInt(16));
        } else if (choice < 26) {
            ownReceives(random.nextBoolean() ? anyLink() : linkThatIs(true));
        } else if (choice < 46) {
            requests();
        } else if (choice < 62) {
            poll();
        } else if (choice < 82) {
            advance(1 + random.nextInt(32));
        } else if (choice < 86) {
            queueSteps.giveBack(anySharedQueue(), 1 + random.nextInt(12));
        } else if (choice < 89) {
            changeQueues();
        } else if (choice < 92) {
            linkSteps.end(random.nextInt(4) == 0 ? anyLink() : linkInTheMiddle());
        } else if (choice < 98) {
            for (int i = random.nextInt(6); i >= 0; i--) {
                mend(linkThatIs(false));
            }
        } else if (random.nextBoolean()) {
            linkSteps.stall(anyLink());
        } else {
            linkSteps.resume();
        }
    }

    private void mend(Link link) {
        if (random.nextInt(4) > 0) {
            ownReceives(link);
        }
        linkSteps.mend(link);
    }

    private void requests() {
        for (int i = random.nextInt(4); i >= 0; i--) {
            Link link = random.nextInt(8) > 0 ? linkThatIs(true) : anyLink();
            traffic.requests(random.nextInt(8) > 0 ? link.client : link.server, 1 + random.nextInt(4));
        }
    }

    /** Returns a link with a message that has come in part, if there is one. */
    private Link linkInTheMiddle() {
        return links.stream()
                .filter(link -> link.client.inTheMiddleOfAMessage() || link.server.inTheMiddleOfAMessage())
                .findFirst()
                .orElseGet(this::anyLink);
    }

    private Link linkThatIs(boolean connected) {
        int from = random.nextInt(links.size());
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get((from + i) % links.size());
            if (link.connected() == connected) {
                return link;
            }
        }
        return links.get(from);
    }

    private Link anyLink() {
        return links.get(random.nextInt(links.size()));
    }

    private ModelQueue anySharedQueue() {
        return random.nextInt(10) == 0 ? clients.queues.get(0) : servers.queues.get(random.nextInt(SHARED_QUEUES));
    }

    private void ownReceives(Link link) {
        int count = 1 + random.nextInt(LinkSteps.RECEIVE_DEPTH);
        if (link.client.shared == null) {
            traffic.receives(link.client, clientReceives, count);
        }
        if (link.server.shared == null) {
            traffic.receives(link.server, serverReceives, count);
        }
    }

    private void changeQueues() {
        if (random.nextInt(6) == 0) {
            ModelCompletions completions = servers.completions.get(random.nextInt(servers.completions.size()));
            boolean narrow = completions.capacity < 2 * NARROW;
            queueSteps.resize(completions, narrow ? NARROW / 2 : ROOMY / 2, narrow ? NARROW : ROOMY);
            return;
        }
        queueSteps.change(anySharedQueue(), anyLink().server);
    }

    /** Polls a completion queue that has something; some are polled far less often than others. */
    private void poll() {
        Host host = random.nextInt(3) == 0 ? clients : servers;
        int from = random.nextInt(host.completions.size());
        for (int i = 0; i < host.completions.size(); i++) {
            int index = (from + i) % host.completions.size();
            ModelCompletions completions = host.completions.get(index);
            boolean slow = index % 4 == 3 && random.nextInt(4) > 0;
            if (!slow && completions.size() > 0) {
                int max = 1 + random.nextInt(32);
                journal.line("up to " + max + " of " + completions.queue + " of " + host.name);
                completions.poll(max);
                return;
            }
        }
        host.completions.get(from).poll(1);
    }

    private void advance(int happenings) {
        journal.line(happenings + " happenings");
        for (int i = 0; i < happenings && network.step(); i++) {
            check();
        }
    }

    private void check() {
        witness.requireNoContradiction();
        clients.check();
        servers.check();
        for (Link link : links) {
            link.client.requireEnded();
            link.server.requireEnded();
        }
    }

    // ---- the end ----

    /** Ends every connection, after which nothing may be outstanding, held or left. */
    private void finish() {
        linkSteps.resumeAll();
        quiet();
        for (Link link : links) {
            link.ending = true;
            if (link.client.state == QueuePairState.RTS) {
                if (random.nextInt(3) == 0) {
                    link.client.queuePair.abort();
                } else {
                    var unused = link.client.queuePair.disconnectAsync(Duration.ofSeconds(1));
                }
            }
        }
        network.pass(LONG);
        check();
        for (Link link : links) {
            for (End end : List.of(link.client, link.server)) {
                if (end.state == QueuePairState.IDLE) {
                    end.queuePair.abort();
                }
                if (end.state != QueuePairState.ERROR) {
                    throw new AssertionError(end + " did not come to an end");
                }
                end.requireNothingLeft();
            }
        }
        quiet();
        for (Host host : List.of(clients, servers)) {
            for (ModelQueue queue : host.queues) {
                if (queue.byApplication()) {
                    queueSteps.giveBack(queue, Integer.MAX_VALUE);
                }
                if (queue.posted != queue.waiting.size()) {
                    throw new AssertionError(queue.queue + " is held though everything was given back");
                }
            }
            host.checkThoroughly();
        }
        check();
        listener.close();
        for (Link link : links) {
            link.client.destroy();
            link.server.destroy();
        }
        check();
        clientReceives.region.close();
        serverReceives.region.close();
        clients.close();
        servers.close();
    }

    /** Lets all that is under way arrive, and polls all that has completed. */
    private void quiet() {
        int given;
        do {
            network.settle();
            check();
            given = 0;
            for (Host host : List.of(clients, servers)) {
                for (ModelCompletions completions : host.completions) {
                    given += completions.poll(Integer.MAX_VALUE);
                }
            }
            check();
        } while (given > 0);
    }

    /** Returns how many messages have arrived. */
    long messages() {
        return witness.messages();
    }

    /** Returns how many of them were dropped. */
    long drops() {
        return witness.drops();
    }

    /** Returns how many waited for a receive. */
    long pauses() {
        return witness.pauses();
    }

    @Override
    public void close() {
        network.close();
    }
}
