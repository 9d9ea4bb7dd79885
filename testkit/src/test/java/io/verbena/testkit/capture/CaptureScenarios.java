package io.verbena.testkit.capture;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.SystemDeadline;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.PlainStream;
import io.verbena.verbs.cm.PlainStreamListener;
import io.verbena.verbs.cm.PlainStreamListenerOptions;
import io.verbena.verbs.cm.PlainStreamOptions;
import io.verbena.verbs.cm.ReadyToReceive;
import io.verbena.verbs.cm.SocketOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Traffic between two devices that capture to one file: every kind of message, and every way to frame them. */
final class CaptureScenarios {
    static final int LONG_OCTETS = 5_000;
    static final int VERY_LONG_OCTETS = 3 << 20;
    static final byte[] REJECTION = {1, 2, 3, 4, 5};
    static final long IMMEDIATE = 0x0102030405060708L;

    /** With the enhanced word as much as a startup frame may have. */
    static final int MUCH_PRIVATE_DATA_OCTETS = 508;

    static final byte[] TEXT = "shall we use RDMA?\n".getBytes(StandardCharsets.US_ASCII);

    /** As on an Ethernet with TCP timestamps: a long message is several segments. */
    private static final int SEGMENT_OCTETS = 1448;

    private CaptureScenarios() {}

    /** What one connection of the file is about, in the order in which they begin. */
    enum Scenario {
        CRC,
        PLAIN,
        REVISION_1,
        CRC_WISHED_BY_ONE_END,
        MARKERS,
        MARKERS_WITHOUT_CRC,
        PEER_TO_PEER_SEND,
        PEER_TO_PEER_WRITE,
        PEER_TO_PEER_READ,
        MUCH_PRIVATE_DATA,
        NO_PRIVATE_DATA,
        REFUSED_WRITE,
        REFUSED_READ,
        BROKEN_BY_CLIENT,
        BROKEN_BY_SERVER,
        /** Only there because a pair is connected when it is opened. */
        SILENT,
        REJECTED,
        /** Another one of those. */
        SILENT_TOO,
        TEXT_FIRST
    }

    static void run(Path file) throws Exception {
        PairOptions options = PairOptions.defaults()
                .withDevices(device -> device.withCapture(file))
                .withParameters(
                        wishes -> wishes.withSocket(SocketOptions.defaults().withSegmentOctets(SEGMENT_OCTETS)));
        everyMessage(options);
        everyMessage(options.withCrc(false));
        basicMessages(options.withRevision(1));
        basicMessages(options.withClientParameters(wishes -> wishes.withCrc(false)));
        PairOptions oneSided = PairOptions.defaults()
                .withDevices(device -> device.name().equals("client") ? device.withCapture(file) : device)
                .withMarkers(true, true);
        oneFpduAtATime(oneSided);
        oneFpduAtATime(oneSided.withCrc(false));
        basicMessages(options.withPeerToPeer(ReadyToReceive.SEND));
        basicMessages(options.withPeerToPeer(ReadyToReceive.WRITE));
        basicMessages(options.withPeerToPeer(ReadyToReceive.READ));
        byte[] much = HexVectors.pattern(MUCH_PRIVATE_DATA_OCTETS);
        basicMessages(options.withParameters(wishes -> wishes.withPrivateData(much)));
        basicMessages(options.withRevision(1).withParameters(wishes -> wishes.withPrivateData(new byte[0])));
        refused(options, new SendRequest().write(0x12345600, 0x1000));
        refused(options, new SendRequest().read(0x12345600, 0x1000));
        broken(options, DevicePair::client, DevicePair::server);
        broken(options, DevicePair::server, DevicePair::client);
        rejected(options);
        textFirst(options);
    }

    /** Markers in one direction only. */
    static void markersInOneDirection(Path file, boolean toServer) throws InterruptedException {
        oneFpduAtATime(PairOptions.defaults()
                .withDevices(device -> device.name().equals("client") ? device.withCapture(file) : device)
                .withMarkers(toServer, !toServer));
    }

    /** A long Write and a long Read over IPv6; false if this machine has none. */
    static boolean longOverIpv6(Path file) throws Exception {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getByName("::1"), 0);
        DeviceOptions options = DeviceOptions.defaults().withCapture(file);
        try (Device server = Device.open(options.withName("server"));
                Device client = Device.open(options.withName("client"));
                ConnectionListener listener = listen(server, loopback)) {
            if (listener == null) {
                return false;
            }
            ProtectionDomain theirs = server.allocateProtectionDomain();
            MemoryRegion open = theirs.register(
                    ByteBuffer.allocateDirect(VERY_LONG_OCTETS),
                    AccessFlag.LOCAL_WRITE,
                    AccessFlag.REMOTE_WRITE,
                    AccessFlag.REMOTE_READ);
            QueuePair responding = theirs.createQueuePair(QueuePairOptions.with(server.createCompletionQueue(16)));
            ProtectionDomain domain = client.allocateProtectionDomain();
            MemoryRegion local = domain.register(ByteBuffer.allocateDirect(VERY_LONG_OCTETS), AccessFlag.LOCAL_WRITE);
            CompletionQueue completions = client.createCompletionQueue(16);
            QueuePair initiating = domain.createQueuePair(QueuePairOptions.with(completions));
            CompletableFuture<Connection> connecting =
                    client.connectAsync(initiating, listener.localAddress(), ConnectionParameters.defaults());
            listener.nextRequest(SystemDeadline.USUAL).acceptAsync(responding, ConnectionParameters.defaults());
            SystemDeadline.awaitUsual("the connection", connecting::isDone);
            SendRequest request = new SendRequest();
            initiating
                    .postSend(request.write(open.remote()).local(local, 0, VERY_LONG_OCTETS))
                    .orThrow();
            initiating
                    .postSend(request.read(open.remote()).local(local, 0, VERY_LONG_OCTETS))
                    .orThrow();
            int[] done = new int[1];
            SystemDeadline.awaitUsual("both", () -> {
                completions.poll(2, completion -> done[0]++);
                return done[0] == 2;
            });
            initiating.disconnect(SystemDeadline.USUAL);
            return true;
        }
    }

    private static ConnectionListener listen(Device device, InetSocketAddress address) {
        try {
            return device.listen(address);
        } catch (IOException noSuchAddress) {
            return null;
        }
    }

    private static void broken(
            PairOptions options, Function<DevicePair, PairEnd> breaker, Function<DevicePair, PairEnd> other)
            throws InterruptedException {
        try (DevicePair pair = DevicePair.open(options)) {
            basicMessages(pair);
            breaker.apply(pair).queuePair().abort();
            other.apply(pair).awaitState(QueuePairState.ERROR);
        }
    }

    /** Streaming mode before MPA, on one TCP connection. */
    private static void textFirst(PairOptions options) throws Exception {
        try (DevicePair pair = DevicePair.open(options);
                PlainStreamListener listener = pair.serverDevice()
                        .listenForStreams(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                PlainStreamListenerOptions.defaults());
                PlainStream client =
                        pair.clientDevice().openStream(listener.localAddress(), PlainStreamOptions.defaults());
                PlainStream server = listener.nextStream(SystemDeadline.USUAL)) {
            client.write(ByteBuffer.wrap(TEXT), SystemDeadline.USUAL);
            server.readFully(ByteBuffer.allocate(TEXT.length), SystemDeadline.USUAL);
            server.write(ByteBuffer.wrap(TEXT), SystemDeadline.USUAL);
            client.readFully(ByteBuffer.allocate(TEXT.length), SystemDeadline.USUAL);
            PairEnd initiating = pair.newClientEnd();
            PairEnd responding = pair.newServerEnd();
            CompletableFuture<Connection> starting =
                    client.startMpaAsync(initiating.queuePair(), ConnectionParameters.defaults());
            CompletableFuture<Connection> accepting = server.awaitMpa(SystemDeadline.USUAL)
                    .acceptAsync(responding.queuePair(), ConnectionParameters.defaults());
            pair.await("both ends in operation", () -> starting.isDone() && accepting.isDone());
            MemoryRegion local = initiating.register(64);
            responding.postReceive(1, responding.register(64));
            initiating.post(new SendRequest().send().local(local, 0, 64));
            initiating.awaitSendSuccess();
            responding.awaitReceiveSuccess();
            initiating.queuePair().disconnect(SystemDeadline.USUAL);
            responding.awaitState(QueuePairState.IDLE);
        }
    }

    private static void everyMessage(PairOptions options) throws InterruptedException {
        try (DevicePair pair = DevicePair.open(options)) {
            basicMessages(pair);
            PairEnd client = pair.client();
            SendRequest request = new SendRequest();
            MemoryRegion local = client.register(64);
            MemoryRegion inbox = pair.server().register(64);
            MemoryRegion first = pair.server().register(8, AccessFlag.REMOTE_WRITE);
            MemoryRegion second = pair.server().register(8, AccessFlag.REMOTE_READ);
            MemoryRegion word = pair.server().register(8, AccessFlag.REMOTE_ATOMIC);
            for (int i = 0; i < 5; i++) {
                pair.server().postReceive(i, inbox);
            }
            client.post(request.sendSolicited().local(local, 0, 3));
            client.post(request.sendInvalidate(first.stag()).local(local, 0, 0));
            client.post(request.sendSolicitedInvalidate(second.stag()).local(local, 0, 8));
            client.post(request.immediate(IMMEDIATE));
            client.post(request.immediateSolicited(IMMEDIATE + 1));
            client.post(request.fetchAdd(word.stag(), word.startAddress(), 5).local(local, 0, 8));
            client.post(
                    request.compareSwap(word.stag(), word.startAddress(), 5, 7).local(local, 8, 8));
            client.post(request.swap(word.stag(), word.startAddress(), 9).local(local, 16, 8));
            for (int i = 0; i < 8; i++) {
                client.awaitSendSuccess();
            }
            for (int i = 0; i < 5; i++) {
                pair.server().awaitReceiveSuccess();
            }
            disconnect(pair);
        }
    }

    private static void basicMessages(PairOptions options) throws InterruptedException {
        try (DevicePair pair = DevicePair.open(options)) {
            basicMessages(pair);
            disconnect(pair);
        }
    }

    private static void basicMessages(DevicePair pair) {
        PairEnd client = pair.client();
        SendRequest request = new SendRequest();
        MemoryRegion local = client.register(LONG_OCTETS);
        MemoryRegion inbox = pair.server().register(LONG_OCTETS);
        MemoryRegion open = pair.server().register(LONG_OCTETS, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ);
        pair.server().postReceive(1, inbox);
        pair.server().postReceive(2, inbox);
        client.post(request.send().local(local, 0, LONG_OCTETS));
        client.post(request.send());
        client.post(request.write(open.remote()).local(local, 0, LONG_OCTETS));
        client.post(request.write(open.remote()));
        client.post(request.write(open.remote()).local(local, 0, 5));
        client.post(request.read(open.remote()).local(local, 0, LONG_OCTETS));
        client.post(request.read(open.remote()).local(local, 0, 0));
        for (int i = 0; i < 7; i++) {
            client.awaitSendSuccess();
        }
        pair.server().awaitReceiveSuccess();
        pair.server().awaitReceiveSuccess();
    }

    /** With markers tshark takes a TCP segment for an FPDU, so each FPDU has one of its own. */
    private static void oneFpduAtATime(PairOptions options) throws InterruptedException {
        try (DevicePair pair = DevicePair.open(options)) {
            PairEnd client = pair.client();
            SendRequest request = new SendRequest();
            MemoryRegion local = client.register(LONG_OCTETS);
            MemoryRegion inbox = pair.server().register(LONG_OCTETS);
            MemoryRegion open = pair.server().register(LONG_OCTETS, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ);
            for (int octets : new int[] {0, 1, 500, 511, 512, 513, LONG_OCTETS}) {
                pair.server().postReceive(1, inbox);
                client.post(request.send().local(local, 0, octets));
                client.awaitSendSuccess();
                pair.server().awaitReceiveSuccess();
                client.post(request.write(open.remote()).local(local, 0, octets));
                client.awaitSendSuccess();
                client.post(request.read(open.remote()).local(local, 0, octets));
                client.awaitSendSuccess();
            }
            disconnect(pair);
        }
    }

    private static void disconnect(DevicePair pair) throws InterruptedException {
        pair.client().queuePair().disconnect(SystemDeadline.USUAL);
        pair.server().awaitState(QueuePairState.IDLE);
    }

    private static void refused(PairOptions options, SendRequest request) {
        try (DevicePair pair = DevicePair.open(options)) {
            MemoryRegion local = pair.client().register(64);
            pair.client().post(request.local(local, 0, 64));
            pair.client().awaitState(QueuePairState.ERROR);
            pair.server().awaitState(QueuePairState.ERROR);
        }
    }

    private static void rejected(PairOptions options) throws Exception {
        try (DevicePair pair = DevicePair.open(options)) {
            PairEnd end = pair.newClientEnd();
            CompletableFuture<Connection> connecting = pair.clientDevice()
                    .connectAsync(
                            end.queuePair(),
                            pair.listener().localAddress(),
                            ConnectionParameters.defaults().withPrivateData(new byte[] {9}));
            pair.listener().nextRequest(SystemDeadline.USUAL).reject(REJECTION);
            pair.await("the rejection", connecting::isCompletedExceptionally);
        }
    }
}
