package io.verbena.examples.rping;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.FailureWords;
import io.verbena.examples.command.HostAndPort;
import io.verbena.examples.command.PeerThreads;
import io.verbena.verbs.Device;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** The passive end: reads each text the client offers, and writes it back. */
final class RpingServer {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int MAX_CLIENTS = 64;

    private final Device device;
    private final RpingSettings settings;
    private final PrintWriter err;

    RpingServer(Device device, RpingSettings settings, PrintWriter err) {
        this.device = device;
        this.settings = settings;
        this.err = err;
    }

    /** Serves one client. */
    void serveOne(InetSocketAddress local)
            throws CommandFailedException, ConnectionFailedException, IOException, InterruptedException {
        try (ConnectionListener listener = listen(local)) {
            serve(next(listener));
        }
    }

    /** Serves clients side by side until the process ends. */
    void servePersistently(InetSocketAddress local) throws IOException, InterruptedException {
        try (ConnectionListener listener = listen(local);
                PeerThreads threads = new PeerThreads("rping-client", MAX_CLIENTS)) {
            while (true) {
                ConnectionRequest request = next(listener);
                if (!threads.start(() -> serveAndReport(request))) {
                    request.reject(new byte[0]);
                }
            }
        }
    }

    private ConnectionListener listen(InetSocketAddress local) throws IOException {
        ConnectionListener listener = device.listen(local);
        settings.tell("listening on " + HostAndPort.toString(listener.localAddress()));
        return listener;
    }

    private static ConnectionRequest next(ConnectionListener listener) throws InterruptedException {
        while (true) {
            try {
                return listener.nextRequest(LOOK);
            } catch (TimeoutException nobodyYet) {
                // A server waits for its clients as long as it runs; --deadline ends the process.
            }
        }
    }

    private void serveAndReport(ConnectionRequest request) {
        try {
            serve(request);
        } catch (CommandFailedException | ConnectionFailedException e) {
            err.println("verbena rping: " + HostAndPort.toString(request.remoteAddress()) + ": " + FailureWords.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(ConnectionRequest request)
            throws CommandFailedException, ConnectionFailedException, InterruptedException {
        try (RpingEndpoint endpoint = new RpingEndpoint(device, RpingSettings.MAX_SIZE, settings)) {
            request.accept(endpoint.queuePair(), settings.parameters());
            settings.tell("accepted: " + endpoint.queuePair().connection().agreement());
            BufferAdvertisement source = endpoint.awaitMessage();
            while (source != null) {
                pong(endpoint, source);
                source = endpoint.awaitMessage();
            }
        }
    }

    private void pong(RpingEndpoint endpoint, BufferAdvertisement source)
            throws CommandFailedException, InterruptedException {
        int length = source.lengthOctets();
        if (length < 1 || length > RpingSettings.MAX_SIZE) {
            throw new CommandFailedException("the client offers a buffer of " + Integer.toUnsignedString(length)
                    + " octets; 1 to " + RpingSettings.MAX_SIZE + " are served");
        }
        endpoint.read(source);
        if (settings.verbose()) {
            settings.out().println("server ping data: " + PingPattern.text(endpoint.buffer(), length));
        }
        endpoint.goAhead();
        BufferAdvertisement sink = endpoint.awaitMessage();
        if (sink == null) {
            throw new CommandFailedException("the client closed the connection in the middle of a ping");
        }
        endpoint.write(sink, PingPattern.textOctets(endpoint.buffer(), length));
        endpoint.goAhead();
    }
}
