package io.verbena.examples.perf;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.FailureWords;
import io.verbena.examples.command.HostAndPort;
import io.verbena.examples.command.OctetCount;
import io.verbena.examples.command.PeerThreads;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;

/**
 * Serves clients: the tests are theirs, limits and patience its own.
 *
 * <p>Thread rule: {@link #serve} and {@link #serveOne} keep the calling thread; each client has a thread of its own when
 * serving many.
 */
final class PerfServer implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int CLIENTS_AT_ONCE = 16;
    private static final int MAX_REASON_OCTETS = 400;

    private final DeviceOptions options;
    private final Device device;
    private final int dataPort;
    private final long maxMemoryOctets;
    private final Duration timeout;
    private final PrintWriter out;
    private final PrintWriter err;

    /**
     * Opens a device for control connections; each client gets one of its own for its data.
     *
     * @param options for the devices
     * @param dataPort where data connections arrive, 0 for any free port
     * @param maxMemoryOctets the most memory a client may ask for
     * @param timeout the longest silence of a client
     * @param out where it tells what it does
     * @param err where it tells what failed, while it goes on
     */
    PerfServer(
            DeviceOptions options,
            int dataPort,
            long maxMemoryOctets,
            Duration timeout,
            PrintWriter out,
            PrintWriter err) {
        this.options = options;
        this.dataPort = dataPort;
        this.maxMemoryOctets = maxMemoryOctets;
        this.timeout = timeout;
        this.out = out;
        this.err = err;
        device = Device.open(options.withName("perf-control").withBackgroundProgress(1));
    }

    /** Serves one client; fails if its test fails. */
    void serveOne(InetSocketAddress local) throws CommandFailedException, IOException, InterruptedException {
        try (ConnectionListener listener = listen(local)) {
            serve(next(listener), listener.localAddress());
        }
    }

    /** Serves clients until the process ends. */
    void serve(InetSocketAddress local) throws IOException, InterruptedException {
        try (ConnectionListener listener = listen(local);
                PeerThreads threads = new PeerThreads("perf-client", CLIENTS_AT_ONCE)) {
            while (true) {
                ConnectionRequest request = next(listener);
                if (!threads.start(() -> serveAndReport(request, listener.localAddress()))) {
                    reject(request, "it serves " + CLIENTS_AT_ONCE + " clients already; try again later");
                }
            }
        }
    }

    private ConnectionListener listen(InetSocketAddress local) throws IOException {
        ConnectionListener listener = device.listen(local);
        out.println("listening on " + HostAndPort.toString(listener.localAddress()));
        out.flush();
        return listener;
    }

    private static ConnectionRequest next(ConnectionListener listener) throws InterruptedException {
        while (true) {
            try {
                return listener.nextRequest(LOOK);
            } catch (TimeoutException nobodyYet) {
                // A server waits for clients as long as it runs.
            }
        }
    }

    private void serveAndReport(ConnectionRequest request, InetSocketAddress local) {
        try {
            serve(request, local);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CommandFailedException | IOException | RuntimeException e) {
            err.println("verbena perf serve: " + FailureWords.of(e));
        }
    }

    private void serve(ConnectionRequest request, InetSocketAddress local)
            throws CommandFailedException, IOException, InterruptedException {
        String client = HostAndPort.toString(request.remoteAddress());
        try (ServerSession session = prepare(request, local);
                ControlLink control = new ControlLink(device, "client", timeout)) {
            request.accept(
                    control.queuePair(),
                    ConnectionParameters.defaults()
                            .withDeadline(timeout)
                            .withPrivateData(session.offer().encode()));
            session.serve(control);
            out.println(client + ": done, " + session.rounds() + (session.rounds() == 1 ? " size" : " sizes"));
            out.flush();
        } catch (CommandFailedException | IOException e) {
            throw new CommandFailedException(client + ": " + FailureWords.of(e), e);
        }
    }

    private ServerSession prepare(ConnectionRequest request, InetSocketAddress local)
            throws CommandFailedException, IOException {
        try {
            PerfParameters parameters = PerfParameters.decode(request.privateData());
            if (parameters.memoryOctets() > maxMemoryOctets) {
                throw new CommandFailedException("the test needs " + OctetCount.words(parameters.memoryOctets())
                        + " of memory, and the server gives a client at most " + OctetCount.words(maxMemoryOctets)
                        + " (its --max-memory)");
            }
            ServerSession session = new ServerSession(
                    options, parameters, new InetSocketAddress(local.getAddress(), dataPort), timeout);
            out.println(HostAndPort.toString(request.remoteAddress()) + ": " + words(parameters));
            out.flush();
            return session;
        } catch (IllegalArgumentException e) {
            reject(request, e.getMessage());
            throw new CommandFailedException("refused, " + e.getMessage(), e);
        } catch (CommandFailedException | IOException | RuntimeException e) {
            reject(request, FailureWords.of(e));
            throw new CommandFailedException("refused, " + FailureWords.of(e), e);
        }
    }

    private static String words(PerfParameters parameters) {
        return parameters.operation() + " " + parameters.measure()
                + (parameters.bidirectional() ? ", bidirectional" : "")
                + (parameters.driven() ? ", caller-driven" : ", background") + ", messages up to "
                + OctetCount.words(parameters.largestOctets()) + ", " + parameters.queuePairs()
                + (parameters.queuePairs() == 1 ? " queue pair" : " queue pairs");
    }

    private static void reject(ConnectionRequest request, String reason) {
        byte[] octets = reason.getBytes(StandardCharsets.UTF_8);
        request.reject(Arrays.copyOf(octets, Math.min(octets.length, MAX_REASON_OCTETS)));
    }

    @Override
    public void close() {
        device.close();
    }
}
