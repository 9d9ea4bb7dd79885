package io.verbena.benchmarks.scale;

import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.Patience;
import io.verbena.verbs.Device;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;

/**
 * Connections of a device with itself.
 *
 * <p>Thread rule: one thread, which drives the device.
 */
final class CrowdConnections {
    private static final int AT_ONCE = 32;
    private static final Duration NAP = Duration.ofMillis(5);

    private final Device device;
    private final List<QueuePair> near = new ArrayList<>();
    private final List<QueuePair> far = new ArrayList<>();

    /** Makes the queue pairs of {@code count} connections. */
    CrowdConnections(Device device, ProtectionDomain domain, QueuePairOptions options, int count) {
        this.device = device;
        for (int i = 0; i < count; i++) {
            near.add(domain.createQueuePair(options));
            far.add(domain.createQueuePair(options));
        }
    }

    int count() {
        return near.size();
    }

    /** Returns the end that has asked for a connection. */
    QueuePair near(int index) {
        return near.get(index);
    }

    /** Returns the end that has accepted it. */
    QueuePair far(int index) {
        return far.get(index);
    }

    /** Connects all. */
    void connect() throws EndFailedException, InterruptedException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Queue<CompletableFuture<Connection>> accepted = new ConcurrentLinkedQueue<>();
        ConnectionParameters parameters = ConnectionParameters.defaults().withDeadline(Patience.LIMIT);
        try (ConnectionListener listener = device.listen(anyPort)) {
            listener.onRequest(request -> {
                int index = ByteBuffer.wrap(request.privateData()).getInt();
                accepted.add(request.acceptAsync(far.get(index), parameters));
            });
            for (int first = 0; first < count(); first += AT_ONCE) {
                int end = Math.min(count(), first + AT_ONCE);
                List<CompletableFuture<Connection>> asked = new ArrayList<>();
                for (int i = first; i < end; i++) {
                    byte[] index = ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
                    asked.add(device.connectAsync(
                            near.get(i), listener.localAddress(), parameters.withPrivateData(index)));
                }
                await(asked);
                await(accepted);
            }
        } catch (IOException failure) {
            throw new EndFailedException("the device cannot listen on loopback: " + failure.getMessage(), failure);
        }
    }

    /** Each of them ends within the deadline of its parameters. */
    private void await(Iterable<CompletableFuture<Connection>> attempts)
            throws EndFailedException, InterruptedException {
        for (CompletableFuture<Connection> attempt : attempts) {
            while (!attempt.isDone()) {
                device.progress(NAP);
            }
            try {
                attempt.get();
            } catch (ExecutionException failure) {
                throw new EndFailedException(
                        "a connection did not come to stand: "
                                + failure.getCause().getMessage(),
                        failure);
            }
        }
    }
}
