package io.verbena.examples.crowd;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.CompletionChannel;
import io.verbena.verbs.CompletionHandler;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.Notify;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionParameters;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All well-behaved clients: they share a device, a completion queue, and the thread that runs this.
 *
 * <p>Thread rule: made, connected, ended and closed by the command's thread; {@link #run} on a thread of its own.
 */
final class Clients implements Runnable, AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(1);
    private static final Duration LONGEST_REST = Duration.ofMillis(100);
    private static final int POLL = 256;

    private final Plan plan;
    private final Device device;
    private final CompletionChannel channel;
    private final CompletionQueue acknowledgements;
    private final List<Client> clients = new ArrayList<>();
    private final Map<Integer, Client> byQueuePair = new HashMap<>();
    private final CompletionHandler handler = this::onCompletion;
    private volatile boolean sending = true;
    private volatile boolean stopped;

    Clients(Plan plan, DeviceOptions options) {
        this.plan = plan;
        device = Device.open(options);
        ProtectionDomain domain = device.allocateProtectionDomain();
        channel = device.createCompletionChannel();
        int slots = 0;
        for (int i = 0; i < plan.clients(); i++) {
            slots += plan.credit(i);
        }
        // Receives and sends of all, in case that all of them are flushed.
        acknowledgements = device.createCompletionQueue(3 * slots + plan.clients(), channel);
        for (int i = 0; i < plan.clients(); i++) {
            int credit = plan.credit(i);
            QueuePair queuePair = domain.createQueuePair(
                    QueuePairOptions.with(acknowledgements).withDepths(2 * credit, credit));
            ByteBuffer memory = ByteBuffer.allocateDirect(credit * plan.messageOctets());
            MemoryRegion region = domain.register(memory);
            Client client = new Client(i, plan.perSecond(i), plan.messageOctets(), credit, queuePair, memory, region);
            clients.add(client);
            byQueuePair.put(queuePair.number(), client);
        }
    }

    /** Connects them one after the other. */
    void connect(InetSocketAddress server)
            throws CommandFailedException, ConnectionFailedException, InterruptedException {
        for (Client client : clients) {
            ConnectionParameters hello =
                    ConnectionParameters.defaults().withPrivateData(new Hello(client.number()).encode());
            Connection connection = device.connect(client.queuePair(), server, hello);
            int credit = Hello.decode(connection.privateData()).number();
            if (credit != plan.credit(client.number())) {
                throw new CommandFailedException("the server gives " + plan.name(client.number()) + " a credit of "
                        + credit + ", and " + plan.credit(client.number()) + " was expected");
            }
            client.credit(credit);
            connection
                    .closed()
                    .thenAccept(cause -> client.onLost(cause == null ? "the server closed it" : cause.message()));
        }
    }

    @Override
    public void run() {
        Beat beat = new Beat(STEP);
        long began = System.nanoTime();
        boolean paced = plan.perSecond() > 0;
        while (paced ? beat.await() : !Thread.currentThread().isInterrupted()) {
            boolean busy = acknowledgements.poll(POLL, handler) > 0;
            long now = System.nanoTime();
            boolean send = sending;
            for (Client client : clients) {
                busy |= send && client.sendDue(now - began, now);
            }
            stopped = !send;
            if (!busy && !paced && !rest()) {
                return;
            }
        }
    }

    /** Without a pace there is nothing to do until an acknowledgement comes; false if interrupted. */
    private boolean rest() {
        acknowledgements.arm(Notify.NEXT);
        // Looked at once more: what came before it was armed notifies nobody.
        if (acknowledgements.size() > 0) {
            return true;
        }
        try {
            channel.await(LONGEST_REST);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void onCompletion(WorkCompletion completion) {
        if (completion.success() && completion.operation() == CompletedOperation.RECEIVE) {
            byQueuePair.get(completion.queuePairNumber()).onAcknowledged(completion.immediateData());
        }
        // Others are flushed: the connection is lost, and that has been told.
    }

    /** Sends nothing new, and waits until all that was sent is acknowledged; false if it is not within {@code longest}. */
    boolean finish(Duration longest) {
        sending = false;
        long end = System.nanoTime() + longest.toNanos();
        Beat beat = new Beat(STEP);
        // Stopped first: a message that is just being sent would be counted, and not be there yet.
        while (!stopped || clients.stream().anyMatch(client -> client.lost() == null && !client.allAcknowledged())) {
            if (System.nanoTime() > end || !beat.await()) {
                return false;
            }
        }
        return true;
    }

    List<Client> all() {
        return clients;
    }

    @Override
    public void close() {
        device.close();
    }
}
