package io.verbena.examples.sample;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.async.AsyncQueuePair;
import io.verbena.verbs.async.CacheOptions;
import io.verbena.verbs.async.CacheStatistics;
import io.verbena.verbs.async.RegistrationCache;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Any buffer can be used: a registration cache registers it when an operation brings it, leaves it registered for the next one, and
 * deregisters it when it is garbage or room is needed.
 */
public final class AnyBuffer {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private AnyBuffer() {}

    /** Runs the sample. */
    public static void main(String[] arguments) throws Exception {
        run(DeviceOptions.defaults(), System.out::println);
    }

    /** Writes heap and direct buffers into the peer's memory and reads them back, without registering one of them. */
    public static void run(DeviceOptions options, Consumer<String> out) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (Device server = Device.open(options);
                Device client = Device.open(options);
                ConnectionListener listener = server.listen(anyPort)) {
            ProtectionDomain serverDomain = server.allocateProtectionDomain();
            MemoryRegion open = serverDomain.register(
                    ByteBuffer.allocateDirect(4096),
                    AccessFlag.LOCAL_WRITE,
                    AccessFlag.REMOTE_WRITE,
                    AccessFlag.REMOTE_READ);
            ProtectionDomain clientDomain = client.allocateProtectionDomain();
            try (RegistrationCache cache = clientDomain.createRegistrationCache(CacheOptions.defaults());
                    AsyncQueuePair serverEnd = AsyncQueuePair.open(serverDomain);
                    AsyncQueuePair clientEnd = AsyncQueuePair.open(clientDomain).useCache(cache)) {
                Future<Connection> connecting = client.connectAsync(
                        clientEnd.queuePair(), listener.localAddress(), ConnectionParameters.defaults());
                listener.nextRequest(PATIENCE).accept(serverEnd.queuePair(), ConnectionParameters.defaults());
                connecting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

                ByteBuffer text = StandardCharsets.UTF_8.encode("Registered by nobody");
                ByteBuffer sink = ByteBuffer.allocateDirect(text.remaining());
                for (int round = 0; round < 10; round++) {
                    clientEnd.write(text, open.remote()).await(PATIENCE);
                    clientEnd.read(sink, open.remote()).await(PATIENCE);
                }
                out.accept("read back: " + StandardCharsets.UTF_8.decode(sink));
                CacheStatistics statistics = cache.statistics();
                out.accept(statistics.misses() + " registrations, " + statistics.hits() + " hits");
            }
        }
    }
}
