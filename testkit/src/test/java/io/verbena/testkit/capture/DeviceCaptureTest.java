package io.verbena.testkit.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verbena.capture.decode.CapturedPacket;
import io.verbena.capture.decode.DecodedFrame;
import io.verbena.capture.decode.IwarpConversation;
import io.verbena.capture.decode.IwarpDecoder;
import io.verbena.capture.decode.PacketReader;
import io.verbena.capture.decode.TcpSegment;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.RecordedEvent;
import io.verbena.testkit.RecordingEvents;
import io.verbena.testkit.SystemDeadline;
import io.verbena.testkit.pages.RecordingRelay;
import io.verbena.testkit.simulated.LinkOptions;
import io.verbena.testkit.simulated.OutOfOrder;
import io.verbena.testkit.simulated.SimulatedNetwork;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a device captures is what went over TCP, and a file that takes no more harms no connection. */
@Timeout(60)
class DeviceCaptureTest {
    private static final int LONG_OCTETS = 1 << 20;

    @TempDir
    private Path folder;

    private final SendRequest request = new SendRequest();

    /** Both directions of the only connection of a capture, from its segments: they have to follow each other. */
    private record Streams(byte[] fromOpener, byte[] fromAcceptor) {
        static Streams of(Path file) throws IOException {
            PacketReader packets = PacketReader.of(new ByteArrayInputStream(Files.readAllBytes(file)));
            ByteArrayOutputStream[] octets = {new ByteArrayOutputStream(), new ByteArrayOutputStream()};
            int[] next = new int[2];
            InetSocketAddress opener = null;
            long timeNs = 0;
            CapturedPacket packet = packets.next();
            while (packet != null) {
                assertThat(packet.timeNs()).isGreaterThanOrEqualTo(timeNs);
                timeNs = packet.timeNs();
                TcpSegment segment = TcpSegment.of(packet);
                opener = opener == null ? segment.source() : opener;
                int direction = segment.source().equals(opener) ? 0 : 1;
                if (segment.syn()) {
                    next[direction] = segment.sequence() + 1;
                } else {
                    assertThat(segment.sequence()).isEqualTo(next[direction]);
                    byte[] payload = new byte[segment.payload().remaining()];
                    segment.payload().get(payload);
                    octets[direction].writeBytes(payload);
                    next[direction] += payload.length + (segment.fin() ? 1 : 0);
                }
                packet = packets.next();
            }
            return new Streams(octets[0].toByteArray(), octets[1].toByteArray());
        }
    }

    @ParameterizedTest
    @CsvSource({"true, true, false", "true, false, false", "false, false, false", "false, false, true"})
    void bothEndsCaptureTheOctetsOnTheWire(boolean crc, boolean markers, boolean callerDriven) throws Exception {
        Path ofClient = folder.resolve("client.pcapng");
        Path ofServer = folder.resolve("server.pcapng");
        DeviceOptions options = DeviceOptions.defaults();
        DeviceOptions client = options.withName("client").withCapture(ofClient);
        byte[] fromInitiator;
        byte[] fromResponder;
        try (Device serverDevice = Device.open(options.withName("server").withCapture(ofServer));
                Device clientDevice = Device.open(callerDriven ? client.withCallerDrivenProgress() : client);
                ConnectionListener listener =
                        serverDevice.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                RecordingRelay relay = new RecordingRelay(listener.localAddress())) {
            exchange(clientDevice, serverDevice, listener, relay.address(), crc, markers);
            fromInitiator = relay.fromInitiator();
            fromResponder = relay.fromResponder();
        }

        assertThat(fromInitiator).hasSizeGreaterThan(LONG_OCTETS);
        assertThat(fromResponder).hasSizeGreaterThan(LONG_OCTETS);
        for (Path file : List.of(ofClient, ofServer)) {
            Streams streams = Streams.of(file);
            assertThat(streams.fromOpener()).isEqualTo(fromInitiator);
            assertThat(streams.fromAcceptor()).isEqualTo(fromResponder);
            assertThat(IwarpDecoder.decode(file)).singleElement().satisfies(conversation -> {
                assertThat(conversation.trouble()).isNull();
                assertThat(conversation.octetsLeft()).isZero();
            });
        }
    }

    /** Writes a long message to the server's memory and reads it back. */
    private void exchange(
            Device clientDevice,
            Device serverDevice,
            ConnectionListener listener,
            InetSocketAddress remote,
            boolean crc,
            boolean markers)
            throws Exception {
        ConnectionParameters wishes =
                ConnectionParameters.defaults().withCrc(crc).withMarkers(markers);
        ProtectionDomain serverDomain = serverDevice.allocateProtectionDomain();
        MemoryRegion open = serverDomain.register(
                ByteBuffer.allocateDirect(LONG_OCTETS),
                AccessFlag.LOCAL_WRITE,
                AccessFlag.REMOTE_WRITE,
                AccessFlag.REMOTE_READ);
        QueuePair serverEnd =
                serverDomain.createQueuePair(QueuePairOptions.with(serverDevice.createCompletionQueue(256)));
        ProtectionDomain domain = clientDevice.allocateProtectionDomain();
        var completions = clientDevice.createCompletionQueue(256);
        QueuePair queuePair = domain.createQueuePair(QueuePairOptions.with(completions));
        MemoryRegion local = domain.register(ByteBuffer.allocateDirect(LONG_OCTETS), AccessFlag.LOCAL_WRITE);
        Future<Connection> connecting = clientDevice.connectAsync(queuePair, remote, wishes);
        boolean[] accepted = new boolean[1];
        SystemDeadline.awaitUsual("the connection", () -> {
            drive(clientDevice);
            if (!accepted[0]) {
                accepted[0] = tryAccept(
                        listener,
                        serverEnd,
                        wishes.withPrivateData(open.remote().encode()));
            }
            return connecting.isDone();
        });
        RemoteRegion target = RemoteRegion.decode(
                ByteBuffer.wrap(connecting.get(10, TimeUnit.SECONDS).privateData()));
        queuePair.postSend(request.write(target).local(local, 0, LONG_OCTETS)).orThrow();
        queuePair.postSend(request.read(target).local(local, 0, LONG_OCTETS)).orThrow();
        CompletedOperation[] last = new CompletedOperation[1];
        SystemDeadline.awaitUsual("the Read", () -> {
            completions.poll(2, completion -> last[0] = completion.operation());
            return last[0] == CompletedOperation.READ;
        });
        assertThat(queuePair.disconnect(SystemDeadline.USUAL)).isTrue();
    }

    private static void drive(Device device) {
        if (device.query().callerDriven()) {
            device.progress(Duration.ZERO);
        }
    }

    private static boolean tryAccept(ConnectionListener listener, QueuePair end, ConnectionParameters wishes) {
        try {
            listener.nextRequest(Duration.ofMillis(1)).acceptAsync(end, wishes);
            return true;
        } catch (java.util.concurrent.TimeoutException notYet) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void sendOne(DevicePair pair) {
        MemoryRegion local = pair.client().register(64);
        MemoryRegion inbox = pair.server().register(64);
        pair.server().postReceive(1, inbox);
        pair.client().post(new SendRequest().send().local(local, 0, 64));
        pair.client().awaitSendSuccess();
        pair.server().awaitReceiveSuccess();
    }

    @Test
    void twoDevicesShareAFileAndEachConnectionIsInItOnce() throws Exception {
        Path file = folder.resolve("both.pcapng");
        try (DevicePair pair =
                DevicePair.open(PairOptions.defaults().withDevices(device -> device.withCapture(file)))) {
            sendOne(pair);
            pair.connectAnother();
        }
        List<IwarpConversation> conversations = IwarpDecoder.decode(file);
        assertThat(conversations).hasSize(2);
        assertThat(conversations.get(0).frames())
                .extracting(DecodedFrame::kind)
                .containsExactly(DecodedFrame.Kind.REQUEST, DecodedFrame.Kind.REPLY, DecodedFrame.Kind.FPDU);
        assertThat(conversations.get(1).frames()).hasSize(2);
        // The names of both devices, as those of interfaces.
        assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                .contains("client", "server");
    }

    @Test
    void oneDeviceThatTalksToItselfIsCapturedOnce() throws Exception {
        Path file = folder.resolve("one.pcapng");
        try (DevicePair pair = DevicePair.open(
                PairOptions.defaults().withOneDevice().withDevices(device -> device.withCapture(file)))) {
            sendOne(pair);
        }
        assertThat(IwarpDecoder.decode(file))
                .singleElement()
                .satisfies(conversation -> assertThat(conversation.frames()).hasSize(3));
    }

    @Test
    void aFullDiskEndsTheCaptureAndNoConnection() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no /dev/full");
        RecordingEvents client = new RecordingEvents();
        RecordingEvents server = new RecordingEvents();
        try (DevicePair pair = DevicePair.open(PairOptions.defaults()
                .withDevices(device -> device.withCapture(full))
                .withListeners(client, server))) {
            pair.await(
                    "the end of the capture",
                    () -> !client.matching(event -> event.kind() == RecordedEvent.Kind.CAPTURE_ENDED)
                            .isEmpty());
            for (int i = 0; i < 100; i++) {
                sendOne(pair);
            }
            pair.connectAnother();
        }
        for (RecordingEvents events : List.of(client, server)) {
            assertThat(events.matching(event -> event.kind() == RecordedEvent.Kind.CAPTURE_ENDED))
                    .singleElement()
                    .extracting(event -> event.detail(String.class))
                    .isEqualTo("the capture to /dev/full has ended early: No space left on device");
        }
    }

    @Test
    void saysWhichFileCannotBeWrittenAndLeavesNoDevice() throws Exception {
        assertThatThrownBy(() -> open(folder.resolve("no/such.pcapng")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("capture file " + folder.resolve("no/such.pcapng") + ": there is no such folder");
        assertThatThrownBy(() -> open(folder)).hasMessageContaining("capture file " + folder + ": ");
        Path file = folder.resolve("a.pcapng");
        try (Device first = open(file);
                Device second = open(folder.resolve("x/../a.pcapng"))) {
            assertThat(second.name()).isEqualTo(first.name());
            Path sameFile = Files.createLink(folder.resolve("b.pcapng"), file);
            assertThatThrownBy(() -> open(sameFile)).hasMessageContaining("under another name");
        }
        assertThat(IwarpDecoder.decode(file)).isEmpty();
        assertThat(Files.size(file)).isPositive();
    }

    private static Device open(Path file) {
        return Device.open(DeviceOptions.defaults().withCapture(file));
    }

    @Test
    void ipv6IsCapturedAsIpv6() throws Exception {
        InetAddress loopback = Inet6Address.getByName("::1");
        Path file = folder.resolve("six.pcapng");
        try (Device server = Device.open(DeviceOptions.defaults());
                Device client = open(file);
                ConnectionListener listener = listenOrSkip(server, loopback)) {
            exchange(client, server, listener, listener.localAddress(), true, false);
        }
        assertThat(IwarpDecoder.decode(file)).singleElement().satisfies(conversation -> {
            assertThat(conversation.acceptor().getAddress()).isEqualTo(loopback);
            assertThat(conversation.trouble()).isNull();
            assertThat(conversation.frames()).hasSizeGreaterThan(10);
        });
    }

    private static ConnectionListener listenOrSkip(Device device, InetAddress address) {
        try {
            return device.listen(new InetSocketAddress(address, 0));
        } catch (IOException none) {
            assumeTrue(false, "this machine has no IPv6: " + none.getMessage());
            return null;
        }
    }

    @Test
    void segmentsAheadOfTheStreamAreCapturedAtTheirPlaces() throws Exception {
        Path file = folder.resolve("ahead.pcapng");
        try (SimulatedNetwork network = SimulatedNetwork.seeded(42)) {
            network.linkOptions(LinkOptions.defaults()
                    .withSegmentOctets(500)
                    .withOutOfOrder(OutOfOrder.random().withSpread(Duration.ofNanos(50_000))));
            PairOptions options = PairOptions.defaults()
                    .withOpener(network::open)
                    .withDevices(device -> device.name().equals("server") ? device.withCapture(file) : device);
            try (DevicePair pair = DevicePair.open(options)) {
                PairEnd client = pair.client();
                MemoryRegion local = client.register(50_000);
                MemoryRegion open = pair.server().register(50_000, AccessFlag.REMOTE_WRITE);
                for (int i = 0; i < 10; i++) {
                    client.post(request.write(open.remote()).local(local, 0, 50_000));
                }
                boolean[] done = new boolean[1];
                int[] count = new int[1];
                network.run(
                        () -> {
                            client.sendCompletions().poll(16, completion -> count[0]++);
                            done[0] = count[0] == 10;
                            return done[0];
                        },
                        Duration.ofMinutes(1));
                network.settle();
                assertThat(network.link(client.connection()).toServer().fpdus().takenAhead())
                        .isPositive();
            }
        }
        assertThat(IwarpDecoder.decode(file)).singleElement().satisfies(conversation -> {
            assertThat(conversation.trouble()).isNull();
            assertThat(conversation.octetsLeft()).isZero();
            assertThat(conversation.frames())
                    .filteredOn(frame -> frame.kind() == DecodedFrame.Kind.FPDU)
                    .hasSizeGreaterThanOrEqualTo(1000)
                    .allSatisfy(frame -> assertThat(frame.crc()).isEqualTo(DecodedFrame.Crc.GOOD));
        });
    }

    @Test
    void aDeviceThatIsOpenedAnewBeginsTheFileAnew() throws Exception {
        Path file = folder.resolve("anew.pcapng");
        PairOptions options = PairOptions.defaults().withDevices(device -> device.withCapture(file));
        for (int i = 0; i < 2; i++) {
            try (DevicePair pair = DevicePair.open(options)) {
                sendOne(pair);
            }
            assertThat(IwarpDecoder.decode(file)).hasSize(1);
        }
    }

    @Test
    void whatHappensAtRandomIsCapturedToItsLastOctet() throws Exception {
        Path file = folder.resolve("random.pcapng");
        SplittableRandom random = new SplittableRandom(6);
        PairOptions options = PairOptions.defaults().withDevices(device -> device.withCapture(file));
        int messages = 200;
        try (DevicePair pair = DevicePair.open(options)) {
            MemoryRegion local = pair.client().register(100_000);
            MemoryRegion open = pair.server().register(100_000, AccessFlag.REMOTE_WRITE);
            for (int i = 0; i < messages; i++) {
                pair.client().post(request.write(open.remote()).local(local, 0, random.nextInt(100_000)));
                if (i % 50 == 49) {
                    for (int done = 0; done < 50; done++) {
                        pair.client().awaitSendSuccess();
                    }
                }
            }
            pair.client().queuePair().disconnect(SystemDeadline.USUAL);
        }
        assertThat(IwarpDecoder.decode(file)).singleElement().satisfies(conversation -> {
            assertThat(conversation.octetsLeft()).isZero();
            assertThat(conversation.frames().stream()
                            .filter(frame -> frame.line().contains("WRITE LAST")))
                    .hasSize(messages)
                    .allSatisfy(frame -> assertThat(frame.crc()).isEqualTo(DecodedFrame.Crc.GOOD));
        });
    }
}
