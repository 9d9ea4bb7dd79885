package io.verbena.examples.crowd;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.DrainRate;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SharedReceiveQueue;
import io.verbena.verbs.SharedReceiveQueueOptions;
import io.verbena.verbs.SharedReceiveQueueSnapshot;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * The server: one device, one shared receive queue, one completion queue for all arrivals. This class keeps the objects and
 * the clients, and hears what happens; the work is done by its {@link Service}.
 *
 * <p>Thread rule: made and closed by the command's thread; connections and events come on the device's thread for them; the
 * service's thread calls the methods that say so.
 */
final class Server implements AutoCloseable {
    /** Acknowledgements to one client that may be on their way; a later one says all that an earlier one said. */
    private static final int SEND_DEPTH = 8;

    private final Plan plan;
    private final EventBook events = new EventBook();
    private final Device device;
    private final ProtectionDomain domain;
    private final SharedReceiveQueue queue;
    private final CompletionQueue arrivals;
    private final CompletionQueue departures;
    private final ByteBuffer memory;
    private final MemoryRegion region;
    private final ConnectionListener listener;
    private final Map<Integer, ServedClient> clients = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<ServedClient> gone = new ConcurrentLinkedQueue<>();
    private final Set<Integer> firedSinceArmed = ConcurrentHashMap.newKeySet();
    private final ReceiveRequest receive = new ReceiveRequest();
    private final Service service;
    private final LongAdder hostileDrops = new LongAdder();
    private final LongAdder otherDrops = new LongAdder();
    private volatile boolean ending;

    Server(Plan plan, DeviceOptions options) throws IOException {
        this.plan = plan;
        device = Device.open(options);
        device.onAsyncEvent(this::onEvent);
        domain = device.allocateProtectionDomain();
        queue = domain.createSharedReceiveQueue(SharedReceiveQueueOptions.ofDepth(plan.depth())
                .withLimits(plan.limits().manager())
                .withRefusal(plan.refusal().verb())
                .withReceivesPerMessage(plan.receivesPerMessage())
                .withLowWatermark(plan.lowWatermark()));
        // A queue pair never has more receive completions waiting than receives it holds, all together the depth.
        arrivals = device.createCompletionQueue(plan.depth());
        departures = device.createCompletionQueue(SEND_DEPTH * (plan.clients() + 2));
        memory = ByteBuffer.allocateDirect(plan.depth() * plan.messageOctets());
        region = domain.register(memory, AccessFlag.LOCAL_WRITE);
        service = new Service(plan, this, arrivals, departures);
        for (int place = 0; place < plan.depth(); place++) {
            postReceive(place);
        }
        listener = device.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.onRequest(this::accept);
    }

    InetSocketAddress address() {
        return listener.localAddress();
    }

    Device device() {
        return device;
    }

    SharedReceiveQueue queue() {
        return queue;
    }

    EventBook events() {
        return events;
    }

    Service service() {
        return service;
    }

    // ---- clients ----

    private void accept(ConnectionRequest request) {
        int number = Hello.decode(request.privateData()).number();
        if (number < 0 || number > plan.clients()) {
            request.reject(new byte[0]);
            return;
        }
        QueuePair queuePair = domain.createQueuePair(QueuePairOptions.with(departures, arrivals)
                .withDepths(SEND_DEPTH, 1)
                .withSharedReceiveQueue(queue, plan.weight(number)));
        int credit = plan.credit(number);
        ServedClient client = new ServedClient(number, number == plan.clients(), credit, queuePair);
        clients.put(queuePair.number(), client);
        // Who holds more than its credit has not kept to it.
        queue.armHeld(queuePair, credit);
        try {
            Connection connection = request.accept(
                    queuePair, ConnectionParameters.defaults().withPrivateData(new Hello(credit).encode()));
            connection
                    .closed()
                    .thenAccept(cause -> onClosed(client, cause == null ? "closed in good order" : cause.message()));
        } catch (ConnectionFailedException e) {
            onClosed(client, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void onClosed(ServedClient client, String why) {
        if (!ending) {
            events.add("CONNECTION_ENDED", client.number(), plan.name(client.number()) + " is gone: " + why);
        }
        gone.add(client);
    }

    /** Returns the clients whose connection has ended since the last call. */
    List<ServedClient> gone() {
        List<ServedClient> all = new ArrayList<>();
        for (ServedClient client = gone.poll(); client != null; client = gone.poll()) {
            all.add(client);
        }
        return all;
    }

    /** Service's thread: destroys the queue pairs of clients that are gone, all of whose completions were taken. */
    void clearAway(List<ServedClient> left) {
        for (ServedClient client : left) {
            dropsOfGone(client.hostile())
                    .add(queue.query().holder(client.queuePair().number()).droppedMessages());
            clients.remove(client.queuePair().number());
            client.queuePair().close();
        }
    }

    /** Returns how many messages of the hostile client, or of all others, were dropped so far. */
    long dropped(boolean hostile) {
        return dropsOfGone(hostile).sum()
                + queue.query().holders().stream()
                        .filter(holder -> isHostile(holder.queuePairNumber()) == hostile)
                        .mapToLong(holder -> holder.droppedMessages())
                        .sum();
    }

    private LongAdder dropsOfGone(boolean hostile) {
        return hostile ? hostileDrops : otherDrops;
    }

    Collection<ServedClient> clients() {
        return clients.values();
    }

    /** Returns the client of a queue pair, or null if it is gone. */
    ServedClient client(int queuePairNumber) {
        return clients.get(queuePairNumber);
    }

    QueuePair queuePair(int number) {
        ServedClient client = clients.get(number);
        return client == null ? null : client.queuePair();
    }

    boolean isHostile(int queuePairNumber) {
        ServedClient client = clients.get(queuePairNumber);
        return client != null && client.hostile();
    }

    /** Returns how a queue pair's client is called. */
    String name(int queuePairNumber) {
        ServedClient client = clients.get(queuePairNumber);
        return client == null ? "a client that is gone" : plan.name(client.number());
    }

    // ---- receives ----

    /** Posts the receive whose memory is at this place. */
    void postReceive(long place) {
        int octets = plan.messageOctets();
        queue.postReceive(receive.receive(place).local(region, place * octets, octets))
                .orThrow();
    }

    /** Shows the message that has come to this place. */
    Message message(Message view, long place, long lengthOctets) {
        return view.wrap(memory, (int) place * plan.messageOctets(), (int) lengthOctets);
    }

    // ---- what happens ----

    private void onEvent(AsyncEvent event) {
        ServedClient client = clients.get(event.queuePairNumber());
        int number = client == null ? -1 : client.number();
        String who = event.queuePairNumber() < 0 ? "shared receive queue" : name(event.queuePairNumber());
        String why = event.cause() == null ? "" : ": " + event.cause().message();
        if (!ending) {
            events.add(event.kind().name(), number, who + " " + event.kind() + why);
        }
        if (event.kind() == AsyncEvent.Kind.RECEIVE_LIMIT_REACHED) {
            firedSinceArmed.add(event.queuePairNumber());
        }
    }

    /** Service's thread: the monitor has named an offender. */
    void onOffender(DrainRate rate) {
        ServedClient client = clients.get(rate.queuePairNumber());
        if (client != null) {
            String words = String.format(
                    Locale.ROOT,
                    "%s drains the queue: %.1f %% of all receives (action: %s)",
                    plan.name(client.number()),
                    100 * rate.share(),
                    plan.reaction());
            events.add("named by the monitor", client.number(), words);
        }
    }

    /** Service's thread: a client began a message a second ago or earlier, and has not ended it. */
    void onStuck(ServedClient client, int held) {
        String words = plan.name(client.number()) + " holds " + held + " for a message that it does not end (action: "
                + plan.reaction() + ")";
        events.add("message without end", client.number(), words);
        if (plan.reaction() == Reaction.DROP) {
            client.queuePair().abort();
        }
    }

    /** Service's thread: events come once for each arming. */
    void armAgain(SharedReceiveQueueSnapshot look) {
        if (!look.armed() && look.free() >= plan.lowWatermark()) {
            queue.arm(plan.lowWatermark());
        }
        for (int number : new TreeSet<>(firedSinceArmed)) {
            firedSinceArmed.remove(number);
            ServedClient client = clients.get(number);
            if (client != null) {
                queue.armHeld(client.queuePair(), client.credit());
            }
        }
    }

    /** From now on connections end because the round does: nothing of that is an event any more. */
    void ending() {
        ending = true;
    }

    @Override
    public void close() {
        ending = true;
        device.close();
    }
}
