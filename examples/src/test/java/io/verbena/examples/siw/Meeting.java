package io.verbena.examples.siw;

import io.verbena.examples.command.CommandFailedException;
import io.verbena.verbs.Device;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * How a connection with the peer comes about.
 *
 * @param guest where the peer runs
 * @param listening whether the peer connects
 * @param parameters what we wish
 * @param peerOptions what the peer is started with, see {@code order-peer.c}
 */
record Meeting(Guest guest, boolean listening, ConnectionParameters parameters, String peerOptions) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** siw overlooks a first frame that follows its reply too closely: see docs/interop.md. */
    private static final Duration FIRST_MESSAGE_DELAY = Duration.ofMillis(100);

    /** What a listening end does with a request. */
    interface Decision {
        void decide(ConnectionRequest request) throws Exception;
    }

    static Meeting with(Guest guest, boolean listening) {
        return new Meeting(
                guest,
                listening,
                ConnectionParameters.defaults().withDeadline(PATIENCE).withFirstMessageDelay(FIRST_MESSAGE_DELAY),
                "");
    }

    Meeting with(UnaryOperator<ConnectionParameters> change) {
        return new Meeting(guest, listening, change.apply(parameters), peerOptions);
    }

    /** Returns one in which the peer has these options, too. */
    Meeting withPeer(String more) {
        return new Meeting(guest, listening, parameters, peerOptions + " " + more);
    }

    /** Returns who connects to whom, in the words of all scripts. */
    String way() {
        return listening ? "siw to ours" : "ours to siw";
    }

    /** Connects {@code queuePair}; the listener is gone when this returns, so that the peer finds the next one's only. */
    void connect(Device device, QueuePair queuePair) throws Exception {
        if (listening) {
            decide(device, request -> request.accept(queuePair, parameters));
        } else {
            guest.serve(peerOptions);
            device.connect(queuePair, guest.address(), parameters);
        }
    }

    /** Has the peer connect, and decides. */
    void decide(Device device, Decision decision) throws Exception {
        try (ConnectionListener listener = device.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            guest.connect(listener.localAddress().getPort(), peerOptions);
            decision.decide(next(listener));
        }
    }

    private static ConnectionRequest next(ConnectionListener listener)
            throws IOException, InterruptedException, CommandFailedException {
        try {
            return listener.nextRequest(PATIENCE);
        } catch (TimeoutException e) {
            throw new CommandFailedException("no request of siw came within " + PATIENCE.toSeconds() + " s");
        }
    }
}
