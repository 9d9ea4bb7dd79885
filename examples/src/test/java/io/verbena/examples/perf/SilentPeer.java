package io.verbena.examples.perf;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ReadyToReceive;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A peer that connects as the protocol wants it, and then says nothing. */
final class SilentPeer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Device device = Device.open();
    private ConnectionListener listener;

    /** Connects as a client. */
    void connect(int port) throws Exception {
        device.connect(
                queuePair(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                ConnectionParameters.defaults()
                        .withPeerToPeer(ReadyToReceive.WRITE)
                        .withPrivateData(SampleParameters.unusual().encode()));
    }

    /** Listens as a server, for control and data; returns the port. */
    int listen() throws Exception {
        listener = device.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return listener.localAddress().getPort();
    }

    /** Accepts the control connection and one for data. */
    void acceptTwo() throws Exception {
        PerfOffer offer = new PerfOffer(1, listener.localAddress().getPort(), new RemoteRegion(1, 0, 1 << 20));
        listener.nextRequest(LIMIT)
                .accept(queuePair(), ConnectionParameters.defaults().withPrivateData(offer.encode()));
        listener.nextRequest(LIMIT).accept(queuePair(), ConnectionParameters.defaults());
    }

    private QueuePair queuePair() {
        ProtectionDomain domain = device.allocateProtectionDomain();
        QueuePair queuePair = domain.createQueuePair(QueuePairOptions.with(device.createCompletionQueue(256)));
        MemoryRegion region =
                domain.register(ByteBuffer.allocateDirect(PerfMessage.MAX_OCTETS), AccessFlag.LOCAL_WRITE);
        for (int i = 0; i < 8; i++) {
            queuePair.postReceive(new ReceiveRequest().receive(i).local(region, 0, PerfMessage.MAX_OCTETS));
        }
        return queuePair;
    }

    @Override
    public void close() {
        device.close();
    }
}
