package io.verbena.examples.copy;

import io.verbena.verbs.Device;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ReadyToReceive;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A sender that a test leads step by step, also astray. */
final class HandMadeSender implements AutoCloseable {
    private final CopyLink link;

    /** Connects with this offer. */
    HandMadeSender(Device device, int port, CopyOffer offer) throws Exception {
        link = new CopyLink(device, 1);
        device.connect(
                link.queuePair(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                ConnectionParameters.defaults()
                        .withPeerToPeer(ReadyToReceive.WRITE)
                        .withPrivateData(offer.encode()));
    }

    CopyMessage.Ready awaitReady(Duration deadline) throws Exception {
        return await(CopyMessage.Ready.class, deadline);
    }

    CopyMessage.Stored awaitStored(Duration deadline) throws Exception {
        return await(CopyMessage.Stored.class, deadline);
    }

    void send(CopyMessage message) throws Exception {
        link.send(message);
    }

    void abort() {
        link.queuePair().abort();
    }

    private <T extends CopyMessage> T await(Class<T> kind, Duration deadline) throws Exception {
        while (true) {
            CopyMessage message = link.take();
            if (kind.isInstance(message)) {
                return kind.cast(message);
            }
            if (message == null && !link.poll(deadline)) {
                throw new AssertionError("no " + kind.getSimpleName() + " came");
            }
        }
    }

    @Override
    public void close() {
        link.close();
    }
}
