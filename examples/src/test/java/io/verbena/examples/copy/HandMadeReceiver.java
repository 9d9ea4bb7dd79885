package io.verbena.examples.copy;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A receiver that a test leads step by step, also astray. */
final class HandMadeReceiver implements AutoCloseable {
    private final ConnectionListener listener;
    private final CopyLink link;
    private MemoryRegion region;

    HandMadeReceiver(Device device) throws IOException {
        listener = device.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        link = new CopyLink(device, 1);
    }

    String address() {
        return "127.0.0.1:" + listener.localAddress().getPort();
    }

    CopyOffer accept(Duration deadline) throws Exception {
        return accept(deadline, CopyOffer.acceptance());
    }

    CopyOffer accept(Duration deadline, byte[] privateData) throws Exception {
        ConnectionRequest request = listener.nextRequest(deadline);
        request.accept(link.queuePair(), ConnectionParameters.defaults().withPrivateData(privateData));
        return CopyOffer.decode(request.privateData());
    }

    void offerMemory(int octets) throws Exception {
        region = link.domain()
                .register(ByteBuffer.allocateDirect(octets), AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
        send(new CopyMessage.Ready(region.remote()));
    }

    void send(CopyMessage message) throws Exception {
        link.send(message);
    }

    /** Waits for a message; fails with the sender's reason if it says that it failed. */
    CopyMessage await(Duration deadline) throws Exception {
        CopyMessage message = link.take();
        while (message == null) {
            if (!link.poll(deadline)) {
                throw new AssertionError("no message came");
            }
            message = link.take();
        }
        return message;
    }

    @Override
    public void close() {
        listener.close();
        if (region != null) {
            region.close();
        }
        link.close();
    }
}
