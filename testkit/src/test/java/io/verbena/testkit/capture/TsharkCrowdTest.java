package io.verbena.testkit.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verbena.capture.CapturedConnection;
import io.verbena.capture.SocketCapture;
import io.verbena.capture.decode.IwarpConversation;
import io.verbena.capture.decode.IwarpDecoder;
import io.verbena.conformance.raw.RawFramer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairLink;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.SystemDeadline;
import io.verbena.testkit.wireshark.SecondOpinion;
import io.verbena.testkit.wireshark.Tshark;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Captures of much at once and of much in a row: tshark finds nothing missing, repeated or out of order in them. */
@Tag("interop")
@Timeout(180)
class TsharkCrowdTest {
    private static final int PAIRS = 2;
    private static final int CONNECTIONS_OF_A_PAIR = 3;
    private static final int MESSAGES = 60;
    private static final int MOST_OCTETS = 20_000;

    @TempDir
    private Path folder;

    @BeforeAll
    static void needTshark() throws Exception {
        assumeTrue(Tshark.installed(), "tshark is not installed (Debian: apt-get install tshark)");
    }

    @Test
    void connectionsOfSeveralDevicesAtOnceAreAllWholeInOneFile() throws Exception {
        Path file = folder.resolve("crowd.pcapng");
        PairOptions options = PairOptions.defaults().withDevices(device -> device.withCapture(file));
        ExecutorService threads = Executors.newFixedThreadPool(PAIRS * CONNECTIONS_OF_A_PAIR);
        List<DevicePair> pairs = new ArrayList<>();
        // Keeps the file open until all pairs are gone.
        try (Device keeper =
                Device.open(DeviceOptions.defaults().withName("keeper").withCapture(file))) {
            List<Callable<Void>> talks = new ArrayList<>();
            for (int i = 0; i < PAIRS; i++) {
                DevicePair pair = DevicePair.open(options);
                pairs.add(pair);
                talks.add(talk(pair.client(), pair.server(), talks.size()));
                while (talks.size() % CONNECTIONS_OF_A_PAIR != 0) {
                    PairLink link = pair.connectAnother();
                    talks.add(talk(link.client(), link.server(), talks.size()));
                }
            }
            for (Future<Void> talk : threads.invokeAll(talks, 60, TimeUnit.SECONDS)) {
                talk.get();
            }
            assertThat(keeper.name()).isEqualTo("keeper");
        } finally {
            threads.shutdownNow();
            pairs.forEach(DevicePair::close);
        }

        SecondOpinion opinion = SecondOpinion.of(file);
        assertThat(opinion.ours())
                .hasSize(PAIRS * CONNECTIONS_OF_A_PAIR)
                .allSatisfy(conversation -> assertThat(conversation.frames()).hasSizeGreaterThan(MESSAGES));
        assertThat(opinion.complaints()).isEmpty();
        assertThat(opinion.differences()).isEmpty();
    }

    private static Callable<Void> talk(PairEnd client, PairEnd server, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        MemoryRegion local = client.register(MOST_OCTETS);
        MemoryRegion open = server.register(MOST_OCTETS, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ);
        // Registered before other threads begin: a pair's list of ends and regions is one thread's.
        return () -> {
            SendRequest request = new SendRequest();
            for (int i = 0; i < MESSAGES; i++) {
                int octets = random.nextInt(MOST_OCTETS + 1);
                SendRequest next = random.nextBoolean() ? request.write(open.remote()) : request.read(open.remote());
                client.post(next.local(local, 0, octets));
                if (i % 4 == 3) {
                    for (int done = 0; done < 4; done++) {
                        client.awaitSendSuccess();
                    }
                }
            }
            client.queuePair().disconnect(SystemDeadline.USUAL);
            server.awaitState(QueuePairState.IDLE);
            return null;
        };
    }

    /** The 4095th connection of a file begins so near the end of the sequence numbers that both directions pass it. */
    @Test
    void sequenceNumbersGoOnBehindTheirEnd() throws Exception {
        Path file = folder.resolve("wrap.pcapng");
        InetSocketAddress here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);
        int before = 4094;
        long[] timeNs = new long[1];
        try (SocketCapture capture = SocketCapture.open(file, "wrap", () -> timeNs[0] += 1_000, why -> {
            throw new AssertionError(why);
        })) {
            for (int i = 0; i < before; i++) {
                capture.begin(here, new InetSocketAddress(here.getAddress(), 1 + i), true)
                        .onClosed();
            }
            longConversation(capture.begin(here, new InetSocketAddress(here.getAddress(), 50_000), true));
        }

        List<IwarpConversation> ours = IwarpDecoder.decode(file);
        assertThat(ours).hasSize(before + 1);
        SecondOpinion opinion = new SecondOpinion(ours, Tshark.dissect(file, "tcp.stream == " + before));
        IwarpConversation conversation = ours.get(before);
        assertThat(conversation.octetsLeft()).isZero();
        assertThat(conversation.frames()).hasSize(2 + 2 * 30);
        assertThat(opinion.complaints()).isEmpty();
        assertThat(opinion.differences(conversation, true)).isEmpty();
        assertThat(opinion.differences(conversation, false)).isEmpty();
    }

    private static void longConversation(CapturedConnection connection) {
        sent(connection, RawStartup.request().withCrc(true).octets());
        received(connection, RawStartup.reply().withCrc(true).octets());
        RawFramer there = new RawFramer(false, true);
        RawFramer back = new RawFramer(false, true);
        byte[] payload = new byte[60_000];
        for (int i = 0; i < 30; i++) {
            sent(
                    connection,
                    there.frame(RawSegment.write(7, i * 60_000L, payload).octets()));
            received(
                    connection,
                    back.frame(RawSegment.write(8, i * 60_000L, payload).octets()));
        }
        connection.onOutputEnded();
        connection.onInputEnded();
        connection.onClosed();
    }

    private static void sent(CapturedConnection connection, byte[] octets) {
        connection.onSent(ByteBuffer.wrap(octets), octets.length);
    }

    private static void received(CapturedConnection connection, byte[] octets) {
        connection.onReceived(ByteBuffer.wrap(octets), octets.length);
    }

    @Test
    void ipv6AndLongMessagesAreReadTheSameByBoth() throws Exception {
        Path file = folder.resolve("six.pcapng");
        assumeTrue(CaptureScenarios.longOverIpv6(file), "this machine has no IPv6");

        SecondOpinion opinion = SecondOpinion.of(file);
        assertThat(opinion.ours()).singleElement().satisfies(conversation -> {
            assertThat(conversation.acceptor().getAddress().getHostAddress()).contains(":");
            assertThat(conversation.frames()).hasSizeGreaterThan(50);
        });
        assertThat(opinion.complaints()).isEmpty();
        assertThat(opinion.differences()).isEmpty();
    }
}
