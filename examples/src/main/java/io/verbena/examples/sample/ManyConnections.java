package io.verbena.examples.sample;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Many connections, one completion queue: a single thread hears from all of them and knows by number which it was. */
public final class ManyConnections {
    private static final int CONNECTIONS = 100;

    private ManyConnections() {}

    /** Runs the sample. */
    public static void main(String[] arguments) throws Exception {
        run(DeviceOptions.defaults(), System.out::println);
    }

    /** Lets every connection send its number, and adds up what arrives. */
    public static void run(DeviceOptions options, Consumer<String> out) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Device device = Device.open(options);
                ConnectionListener listener = device.listen(anyPort)) {
            ProtectionDomain domain = device.allocateProtectionDomain();
            CompletionQueue arrivals = device.createCompletionQueue(CONNECTIONS);
            CompletionQueue departures = device.createCompletionQueue(CONNECTIONS);
            // One region for all receives: connection i has the eight octets from 8 * i on.
            ByteBuffer inboxes = ByteBuffer.allocateDirect(Long.BYTES * CONNECTIONS);
            MemoryRegion region = domain.register(inboxes, AccessFlag.LOCAL_WRITE);

            Map<Integer, Integer> connectionOf = new HashMap<>();
            ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
            for (int i = 0; i < CONNECTIONS; i++) {
                QueuePair receiver =
                        domain.createQueuePair(QueuePairOptions.with(arrivals).withDepths(1, 1));
                QueuePair sender =
                        domain.createQueuePair(QueuePairOptions.with(departures).withDepths(1, 1));
                receiver.postReceive(new ReceiveRequest().receive(i).local(region, (long) Long.BYTES * i, Long.BYTES))
                        .orThrow();
                Future<Connection> connecting =
                        device.connectAsync(sender, listener.localAddress(), ConnectionParameters.defaults());
                listener.nextRequest(Duration.ofSeconds(5)).accept(receiver, ConnectionParameters.defaults());
                connecting.get(5, TimeUnit.SECONDS);
                connectionOf.put(receiver.number(), i);
                // Inline: a few octets travel inside the request and need no registered memory.
                sender.postSend(new SendRequest()
                                .send()
                                .inline(number.putLong(0, i))
                                .signaled(false))
                        .orThrow();
            }

            long sum = 0;
            CompletionCursor cursor = arrivals.cursor();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            for (int arrived = 0; arrived < CONNECTIONS; ) {
                if (cursor.next()) {
                    int connection = connectionOf.get(cursor.queuePairNumber());
                    sum += inboxes.getLong(Long.BYTES * connection);
                    arrived++;
                } else if (System.nanoTime() > end) {
                    throw new TimeoutException("only " + arrived + " of " + CONNECTIONS + " messages arrived");
                }
            }
            out.accept(CONNECTIONS + " connections on one completion queue, sum of their numbers " + sum);
        }
    }
}
