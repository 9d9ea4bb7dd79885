package io.verbena.testkit.async;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.async.AsyncQueuePair;
import io.verbena.verbs.async.LeasedRegion;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One device with two async queue pairs, to be connected to each other over loopback. */
public final class AsyncPeers implements AutoCloseable {
    /** Long enough for anything here. */
    public static final Duration LONG = Duration.ofSeconds(10);

    private final Device device;
    private final ProtectionDomain domain;
    private final AsyncQueuePair near;
    private final AsyncQueuePair far;

    private AsyncPeers(DeviceOptions options, int depth) {
        device = Device.open(options);
        domain = device.allocateProtectionDomain();
        near = AsyncQueuePair.open(domain, depth, depth);
        far = AsyncQueuePair.open(domain, depth, depth);
    }

    /** Opens the device and makes the queue pairs, not connected yet. */
    public static AsyncPeers open(DeviceOptions options, int depth) {
        return new AsyncPeers(options, depth);
    }

    /** Connects near (initiator) to far. */
    public AsyncPeers connect() throws Exception {
        try (ConnectionListener listener = device.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            CompletableFuture<Connection> accepted = new CompletableFuture<>();
            listener.onRequest(request -> request.acceptAsync(far.queuePair(), ConnectionParameters.defaults())
                    .whenComplete((connection, failure) -> {
                        if (failure == null) {
                            accepted.complete(connection);
                        } else {
                            accepted.completeExceptionally(failure);
                        }
                    }));
            device.connect(near.queuePair(), listener.localAddress(), ConnectionParameters.defaults());
            accepted.get(LONG.toSeconds(), TimeUnit.SECONDS);
        }
        return this;
    }

    /** Returns the domain of both queue pairs. */
    public ProtectionDomain domain() {
        return domain;
    }

    /** Returns the queue pair that connects. */
    public AsyncQueuePair near() {
        return near;
    }

    /** Returns the queue pair that is connected to. */
    public AsyncQueuePair far() {
        return far;
    }

    /** Registers memory of both. */
    public LeasedRegion register(ByteBuffer memory, AccessFlag... access) {
        return LeasedRegion.register(domain, memory, access);
    }

    @Override
    public void close() {
        try {
            near.close();
            far.close();
        } finally {
            device.close();
        }
    }
}
