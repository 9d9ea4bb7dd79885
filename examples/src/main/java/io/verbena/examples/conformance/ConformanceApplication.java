package io.verbena.examples.conformance;

import io.verbena.examples.command.HostAndPort;
import io.verbena.examples.command.PeerThreads;
import io.verbena.verbs.Device;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRefusedException;
import io.verbena.verbs.cm.ConnectionRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * The application of the contract in docs/conformance.md, in both roles.
 *
 * <p>Thread rule: one thread.
 */
final class ConformanceApplication {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int MAX_PEERS = 64;

    private final Device device;
    private final ConnectionParameters parameters;
    private final Duration longestSilence;
    private final PrintWriter out;

    ConformanceApplication(Device device, ConnectionParameters parameters, Duration longestSilence, PrintWriter out) {
        this.device = device;
        this.parameters = parameters;
        this.longestSilence = longestSilence;
        this.out = out;
    }

    /** Accepts whoever connects, until interrupted. */
    void serve(InetSocketAddress local) throws IOException, InterruptedException {
        try (ConnectionListener listener = device.listen(local);
                PeerThreads threads = new PeerThreads("conformance-peer", MAX_PEERS)) {
            out.println("listening on " + HostAndPort.toString(listener.localAddress()));
            while (true) {
                ConnectionRequest request = next(listener);
                if (!threads.start(() -> serve(request))) {
                    request.reject(new byte[0]);
                }
            }
        }
    }

    private static ConnectionRequest next(ConnectionListener listener) throws InterruptedException {
        while (true) {
            try {
                return listener.nextRequest(LOOK);
            } catch (TimeoutException nobodyYet) {
                // It serves as long as it runs; --deadline ends the process.
            }
        }
    }

    private void serve(ConnectionRequest request) {
        try (ApplicationEnd end = new ApplicationEnd(device)) {
            request.accept(end.queuePair(), parameters);
            end.answer(longestSilence);
        } catch (ConnectionFailedException expected) {
            // Peers misbehave on purpose here, and what becomes of it is the peer's to judge.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Connects again and again until nobody listens any more, and returns how often a connection came about.
     *
     * @throws ConnectionRefusedException if nobody listened even once
     */
    int connect(InetSocketAddress remote) throws ConnectionRefusedException, InterruptedException {
        int established = 0;
        boolean met = false;
        while (true) {
            try (ApplicationEnd end = new ApplicationEnd(device)) {
                device.connect(end.queuePair(), remote, parameters);
                met = true;
                established++;
                end.offer();
                end.answer(longestSilence);
            } catch (ConnectionRefusedException e) {
                if (!met) {
                    throw e;
                }
                return established;
            } catch (ConnectionFailedException expected) {
                met = true;
            }
        }
    }
}
