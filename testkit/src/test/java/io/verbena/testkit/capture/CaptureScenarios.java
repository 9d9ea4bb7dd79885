package io.verbena.testkit.capture;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.SystemDeadline;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ReadyToReceive;
import io.verbena.verbs.cm.SocketOptions;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Traffic between two devices that capture to one file: every kind of message, and every way to frame them. */
final class CaptureScenarios {
    static final int LONG_OCTETS = 5_000;
    static final byte[] REJECTION = {1, 2, 3, 4, 5};
    static final long IMMEDIATE = 0x0102030405060708L;

    /** As on an Ethernet with TCP timestamps: a long message is several segments. */
    private static final int SEGMENT_OCTETS = 1448;

    private CaptureScenarios() {}

    /** What one connection of the file is about, in the order in which they begin. */
    enum Scenario {
        CRC,
        PLAIN,
        REVISION_1,
        MARKERS,
        MARKERS_WITHOUT_CRC,
        PEER_TO_PEER_WRITE,
        PEER_TO_PEER_READ,
        REFUSED_WRITE,
        REFUSED_READ,
        /** Only there because a pair is connected when it is opened. */
        SILENT,
        REJECTED
    }

    static void run(Path file) throws Exception {
        PairOptions options = PairOptions.defaults()
                .withDevices(device -> device.withCapture(file))
                .withParameters(
                        wishes -> wishes.withSocket(SocketOptions.defaults().withSegmentOctets(SEGMENT_OCTETS)));
        everyMessage(options);
        everyMessage(options.withCrc(false));
        basicMessages(options.withRevision(1));
        PairOptions oneSided = PairOptions.defaults()
                .withDevices(device -> device.name().equals("client") ? device.withCapture(file) : device)
                .withMarkers(true, true);
        oneFpduAtATime(oneSided);
        oneFpduAtATime(oneSided.withCrc(false));
        basicMessages(options.withPeerToPeer(ReadyToReceive.WRITE));
        basicMessages(options.withPeerToPeer(ReadyToReceive.READ));
        refused(options, new SendRequest().write(0x12345600, 0x1000));
        refused(options, new SendRequest().read(0x12345600, 0x1000));
        rejected(options);
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
