package io.verbena.examples.copy;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.examples.command.FailureWords;
import io.verbena.examples.command.HostAndPort;
import io.verbena.examples.command.OctetCount;
import io.verbena.examples.command.PeerThreads;
import io.verbena.verbs.Device;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Receives files from any number of senders, a few at once.
 *
 * <p>Thread rule: {@link #serve} and {@link #serveOne} keep the calling thread; each sender has a thread of its own when
 * serving many.
 */
final class CopyReceiver {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int SENDERS_AT_ONCE = 8;

    private final Device device;
    private final TargetDirectory directory;
    private final ConnectionParameters parameters;
    private final Duration timeout;
    private final PrintWriter out;
    private final PrintWriter err;

    /**
     * Makes a receiver.
     *
     * @param timeout the longest silence of a sender
     * @param out where it tells what arrived
     * @param err where it tells what failed, while it goes on
     */
    CopyReceiver(
            Device device,
            TargetDirectory directory,
            ConnectionParameters parameters,
            Duration timeout,
            PrintWriter out,
            PrintWriter err) {
        this.device = device;
        this.directory = directory;
        this.parameters = parameters;
        this.timeout = timeout;
        this.out = out;
        this.err = err;
    }

    /** Receives one file; fails if that fails. */
    void serveOne(InetSocketAddress local) throws CommandFailedException, IOException, InterruptedException {
        try (ConnectionListener listener = listen(local)) {
            while (true) {
                ConnectionRequest request = next(listener);
                if (isOffer(request)) {
                    receive(request);
                    return;
                }
            }
        }
    }

    /** Receives files until the process ends. */
    void serve(InetSocketAddress local) throws IOException, InterruptedException {
        try (ConnectionListener listener = listen(local);
                PeerThreads threads = new PeerThreads("copy-sender", SENDERS_AT_ONCE)) {
            while (true) {
                ConnectionRequest request = next(listener);
                if (isOffer(request) && !threads.start(() -> receiveAndReport(request))) {
                    reject(request, "the receiver serves " + SENDERS_AT_ONCE + " senders already; try again later");
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
                // A receiver waits for senders as long as it runs.
            }
        }
    }

    private boolean isOffer(ConnectionRequest request) {
        if (CopyOffer.isOffer(request.privateData())) {
            return true;
        }
        reject(request, "this is a receiver of 'verbena copy', and the request is none of a sender");
        err.println("verbena copy: " + HostAndPort.toString(request.remoteAddress())
                + " connected without an offer of 'verbena copy', refused");
        return false;
    }

    private void receiveAndReport(ConnectionRequest request) {
        try {
            receive(request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CommandFailedException | IOException | RuntimeException e) {
            err.println("verbena copy: " + FailureWords.of(e));
        }
    }

    private void receive(ConnectionRequest request) throws CommandFailedException, IOException, InterruptedException {
        String sender = HostAndPort.toString(request.remoteAddress());
        CopyOffer offer;
        try {
            offer = CopyOffer.decode(request.privateData());
        } catch (IllegalArgumentException e) {
            reject(request, e.getMessage());
            throw new CommandFailedException("refused an offer from " + sender + ": " + e.getMessage(), e);
        }
        out.println("receiving " + offer.name() + ", " + OctetCount.words(offer.size()) + ", from " + sender);
        out.flush();
        try {
            CopyReport report = new CopySession(device, directory, parameters, timeout).receive(request, offer);
            out.println("received " + offer.name() + ", " + report.words());
            out.println("SHA-256 " + report.digestHex() + ", equal at both ends");
            out.flush();
        } catch (CommandFailedException | IOException e) {
            throw new CommandFailedException(
                    offer.name() + " from " + sender + " was not received, nothing of it is kept: "
                            + FailureWords.of(e),
                    e);
        }
    }

    private static void reject(ConnectionRequest request, String reason) {
        request.reject(reason.getBytes(StandardCharsets.UTF_8));
    }
}
