package io.verbena.examples.siw;

import io.verbena.verbs.Device;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * How a connection with the peer comes about.
 *
 * @param listening whether the peer connects
 * @param address where it listens, or where we do
 * @param crc whether we ask for CRCs; the peer asks for none
 */
record Meeting(boolean listening, InetSocketAddress address, boolean crc) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** siw overlooks a first frame that follows its reply too closely: see docs/interop.md. */
    private static final Duration FIRST_MESSAGE_DELAY = Duration.ofMillis(100);

    /** Connects {@code queuePair}; the listener is gone when this returns, so that the peer finds the next one's only. */
    void connect(Device device, QueuePair queuePair)
            throws ConnectionFailedException, IOException, InterruptedException, TimeoutException {
        ConnectionParameters parameters =
                ConnectionParameters.defaults().withCrc(crc).withDeadline(PATIENCE);
        if (listening) {
            try (ConnectionListener listener = device.listen(address)) {
                listener.nextRequest(PATIENCE).accept(queuePair, parameters);
            }
        } else {
            device.connect(queuePair, address, parameters.withFirstMessageDelay(FIRST_MESSAGE_DELAY));
        }
    }
}
