package io.verbena.examples.sample;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/** The least that connects and writes: the lines that the README shows, both ends. */
public final class FirstWrite {
    private FirstWrite() {}

    /** Writes {@code octets} into the memory that the server offers; true if they are there. */
    public static boolean write(InetSocketAddress server, ByteBuffer octets) throws Exception {
        try (Device device = Device.open()) {
            ProtectionDomain domain = device.allocateProtectionDomain();
            CompletionQueue completions = device.createCompletionQueue(256);
            QueuePair queuePair = domain.createQueuePair(QueuePairOptions.with(completions));
            Connection connection = device.connect(queuePair, server, ConnectionParameters.defaults());
            RemoteRegion remote = RemoteRegion.decode(ByteBuffer.wrap(connection.privateData()));
            MemoryRegion local = domain.register(octets);
            SendRequest request = new SendRequest().write(remote).local(local, 0, local.lengthOctets());
            queuePair.postSend(request).orThrow();
            return queuePair.disconnect(Duration.ofSeconds(5));
        }
    }

    /** Offers {@code memory} to the peer that asks, and lets it write there. */
    public static Connection offer(
            ProtectionDomain domain, QueuePair queuePair, ByteBuffer memory, ConnectionRequest peer) throws Exception {
        MemoryRegion open = domain.register(memory, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
        byte[] whereItIs = open.remote().encode();
        return peer.accept(queuePair, ConnectionParameters.defaults().withPrivateData(whereItIs));
    }
}
