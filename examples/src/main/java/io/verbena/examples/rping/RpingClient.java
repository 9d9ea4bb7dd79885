package io.verbena.examples.rping;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.cm.ConnectionFailedException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/** The active end: offers a text to be read, and checks what is written back. */
final class RpingClient {
    private static final Duration DISCONNECT = Duration.ofSeconds(5);

    private final Device device;
    private final RpingSettings settings;

    RpingClient(Device device, RpingSettings settings) {
        this.device = device;
        this.settings = settings;
    }

    void run(InetSocketAddress server) throws CommandFailedException, ConnectionFailedException, InterruptedException {
        try (RpingEndpoint endpoint = new RpingEndpoint(device, settings.size(), settings)) {
            ByteBuffer source = ByteBuffer.allocateDirect(settings.size());
            try (MemoryRegion sourceRegion = endpoint.register(source)) {
                device.connect(endpoint.queuePair(), server, settings.parameters());
                settings.tell("connected: " + endpoint.queuePair().connection().agreement());
                for (int ping = 0; settings.count() == 0 || ping < settings.count(); ping++) {
                    ping(endpoint, source, sourceRegion, ping);
                }
                endpoint.queuePair().disconnect(DISCONNECT);
            }
        }
    }

    private void ping(RpingEndpoint endpoint, ByteBuffer source, MemoryRegion sourceRegion, int ping)
            throws CommandFailedException, InterruptedException {
        int size = settings.size();
        PingPattern.fill(source, size, ping);
        endpoint.advertise(sourceRegion, size);
        awaitGoAhead(endpoint, ping);
        endpoint.advertise(endpoint.region(), size);
        awaitGoAhead(endpoint, ping);
        if (settings.validate()) {
            int mismatch = source.mismatch(endpoint.buffer());
            if (mismatch >= 0) {
                throw new CommandFailedException("data mismatch in ping " + ping + " at octet " + mismatch + ": sent "
                        + source.get(mismatch) + ", came back as "
                        + endpoint.buffer().get(mismatch));
            }
        }
        if (settings.verbose()) {
            settings.out().println("ping data: " + PingPattern.text(endpoint.buffer(), size));
        }
    }

    private static void awaitGoAhead(RpingEndpoint endpoint, int ping)
            throws CommandFailedException, InterruptedException {
        if (endpoint.awaitMessage() == null) {
            throw new CommandFailedException("the server closed the connection in the middle of ping " + ping);
        }
    }
}
