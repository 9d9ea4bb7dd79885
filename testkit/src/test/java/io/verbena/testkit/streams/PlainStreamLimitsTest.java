package io.verbena.testkit.streams;

import static io.verbena.testkit.streams.PlainPeers.DEADLINE;
import static io.verbena.testkit.streams.PlainPeers.read;
import static io.verbena.testkit.streams.PlainPeers.readOne;
import static io.verbena.testkit.streams.PlainPeers.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.conformance.raw.RawListener;
import io.verbena.conformance.raw.RawPeer;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.cm.ConnectionLostException;
import io.verbena.verbs.cm.ConnectionRefusedException;
import io.verbena.verbs.cm.PlainStream;
import io.verbena.verbs.cm.PlainStreamListener;
import io.verbena.verbs.cm.PlainStreamListenerOptions;
import io.verbena.verbs.cm.PlainStreamOptions;
import io.verbena.verbs.cm.SocketOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain streams whose peers are slow, foreign or gone, and devices that allow no more of them. */
@Tag("tcp")
@Timeout(30)
class PlainStreamLimitsTest {
    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final PlainStreamOptions SMALL = PlainStreamOptions.defaults()
            .withBufferOctets(PlainStreamOptions.MIN_BUFFER_OCTETS)
            .withSocket(SocketOptions.defaults().withBuffers(4096, 4096));

    @Test
    @Requirement("SYS-MEM-16")
    void talksToAPlainSocket() throws Exception {
        try (PlainPeers peers = PlainPeers.open(false);
                Socket socket = new Socket(
                        peers.listener().localAddress().getAddress(),
                        peers.listener().localAddress().getPort())) {
            PlainStream stream = peers.accept();
            socket.getOutputStream().write("GET /time\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(read(stream, 10)).isEqualTo("GET /time\n");
            write(stream, "noon\n");
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(reader.readLine()).isEqualTo("noon");
            socket.shutdownOutput();
            assertThat(readOne(stream)).isEqualTo(-1);
            write(stream, "bye\n");
            stream.close();
            assertThat(reader.readLine()).isEqualTo("bye");
            assertThat(reader.readLine()).isNull();
            peers.awaitNoPlainStreams(peers.pair().serverDevice());
        }
    }

    /** What nobody reads stops at the buffers; nothing is lost or doubled by that, nor by deadlines that pass. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement("SYS-MEM-16")
    void holdsBackAPeerThatWritesFasterThanItIsRead(boolean callerDriven) throws Exception {
        byte[] sent = HexVectors.pattern(3_000_000);
        PairOptions options = callerDriven ? PairOptions.defaults().withCallerDrivenProgress() : PairOptions.defaults();
        try (PlainPeers peers =
                PlainPeers.open(options, PlainStreamListenerOptions.defaults().withStream(SMALL))) {
            PlainStream client = peers.connect(SMALL);
            PlainStream server = peers.accept();
            ByteBuffer from = ByteBuffer.wrap(sent);
            assertThatThrownBy(() -> client.write(from, Duration.ofMillis(200)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining("TCP did not take all octets for the stream to ");
            assertThat(from.remaining()).isGreaterThan(0);

            ByteBuffer to = ByteBuffer.allocate(sent.length);
            while (to.hasRemaining()) {
                peers.pair().progress();
                readSome(server, to);
                writeSome(client, from);
            }
            assertThat(to.array()).isEqualTo(sent);
        }
    }

    private static void readSome(PlainStream stream, ByteBuffer to) throws Exception {
        try {
            stream.read(to, Duration.ofMillis(1));
        } catch (TimeoutException nothingYet) {
            assertThat(to.hasRemaining()).isTrue();
        }
    }

    private static void writeSome(PlainStream stream, ByteBuffer from) throws Exception {
        try {
            stream.write(from, Duration.ZERO);
        } catch (TimeoutException notAllYet) {
            assertThat(notAllYet).hasMessageContaining("TCP did not take all octets");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Requirement("SYS-MEM-16")
    void endsEachWaitAtItsDeadline(boolean callerDriven) throws Exception {
        try (PlainPeers peers = PlainPeers.open(callerDriven)) {
            assertThatThrownBy(() -> peers.listener().nextStream(Duration.ofMillis(20)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageMatching("nobody connected to 127\\.0\\.0\\.1:\\d+ within 20 ms");
            PlainStream client = peers.connect();
            assertThatThrownBy(() -> client.read(ByteBuffer.allocate(1), Duration.ofMillis(20)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageMatching("nothing arrived on the stream to 127\\.0\\.0\\.1:\\d+ within 20 ms");
            assertThatThrownBy(() -> client.read(ByteBuffer.allocate(1), Duration.ofMillis(-1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    @Requirement("SYS-MEM-16")
    void tellsOfAPeerThatVanishes() throws Exception {
        try (PlainPeers peers = PlainPeers.open(false)) {
            RawPeer peer = RawPeer.connect(peers.listener().localAddress());
            PlainStream stream = peers.accept();
            CompletableFuture<Integer> reading = readInBackground(stream);
            peer.reset();

            assertThatThrownBy(() -> reading.get(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .cause()
                    .isInstanceOf(ConnectionLostException.class)
                    .hasMessageMatching("the stream from 127\\.0\\.0\\.1:\\d+ broke: connection reset by the peer");
            assertThatThrownBy(() -> write(stream, "anybody?")).isInstanceOf(ConnectionLostException.class);
            assertThatThrownBy(() -> stream.awaitMpa(DEADLINE)).isInstanceOf(ConnectionLostException.class);
            peers.awaitNoPlainStreams(peers.pair().serverDevice());
            stream.close();
        }
    }

    @Test
    @Requirement("SYS-MEM-16")
    void tellsThatAMessageEndedEarly() throws Exception {
        try (PlainPeers peers = PlainPeers.open(false);
                RawPeer peer = RawPeer.connect(peers.listener().localAddress())) {
            PlainStream stream = peers.accept();
            peer.sendRaw(new byte[3]).finish();

            assertThatThrownBy(() -> stream.readFully(ByteBuffer.allocate(5), DEADLINE))
                    .isInstanceOf(ConnectionLostException.class)
                    .hasMessageMatching("the stream from 127\\.0\\.0\\.1:\\d+ ended after 3 of 5 octets");
        }
    }

    private static CompletableFuture<Integer> readInBackground(PlainStream stream) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return readOne(stream);
            } catch (Exception failure) {
                throw new CompletionException(failure);
            }
        });
    }

    @Test
    @Requirement("SYS-MEM-16")
    void closesWithItsDevice() throws Exception {
        try (RawListener listener = RawPeer.listen()) {
            Device device = Device.open(DeviceOptions.defaults());
            PlainStreamListener streams = device.listenForStreams(ANYWHERE, PlainStreamListenerOptions.defaults());
            PlainStream stream = device.openStream(listener.address(), PlainStreamOptions.defaults());
            CompletableFuture<Integer> reading = readInBackground(stream);
            try (RawPeer peer = listener.accept()) {
                device.close();

                assertThatThrownBy(() -> reading.get(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                        .cause()
                        .isInstanceOf(ConnectionLostException.class)
                        .hasMessageEndingWith(" broke: transport closed");
                peer.expectEnd();
                assertThat(device.streams()).isEmpty();
                assertThatThrownBy(() -> streams.nextStream(DEADLINE)).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> device.openStream(listener.address(), PlainStreamOptions.defaults()))
                        .isInstanceOf(IllegalStateException.class);
                stream.close();
            }
        }
    }

    @Test
    @Requirement("SYS-MEM-16")
    void saysThatNobodyListens() throws Exception {
        InetSocketAddress nobody;
        try (RawListener listener = RawPeer.listen()) {
            nobody = listener.address();
        }
        try (PlainPeers peers = PlainPeers.open(false)) {
            Device device = peers.pair().clientDevice();
            assertThatThrownBy(() -> device.openStream(nobody, PlainStreamOptions.defaults()))
                    .isInstanceOf(ConnectionRefusedException.class);
            assertThat(PlainPeers.plainOf(device)).isEmpty();
        }
    }

    @Test
    @Requirement("SYS-MEM-16")
    void closesWhatIsMoreThanMayWait() throws Exception {
        PlainStreamListenerOptions two = PlainStreamListenerOptions.defaults().withMaxWaiting(2);
        try (PlainPeers peers = PlainPeers.open(PairOptions.defaults(), two);
                RawPeer first = RawPeer.connect(peers.listener().localAddress());
                RawPeer second = RawPeer.connect(peers.listener().localAddress())) {
            Device device = peers.pair().serverDevice();
            peers.pair().await("two streams", () -> PlainPeers.plainOf(device).size() == 2);
            try (RawPeer third = RawPeer.connect(peers.listener().localAddress())) {
                third.expectEnd();
            }
            first.sendRaw(new byte[] {'1'});
            second.sendRaw(new byte[] {'2'});
            assertThat(readOne(peers.accept()) + readOne(peers.accept())).isEqualTo('1' + '2');
        }
    }

    @Test
    @Requirement("SYS-MEM-16")
    void closesWhatNobodyTakes() throws Exception {
        PlainStreamListenerOptions impatient =
                PlainStreamListenerOptions.defaults().withTakeTimeout(Duration.ofMillis(20));
        try (PlainPeers peers = PlainPeers.open(PairOptions.defaults(), impatient)) {
            try (RawPeer peer = RawPeer.connect(peers.listener().localAddress())) {
                peer.expectClose();
            }
            peers.awaitNoPlainStreams(peers.pair().serverDevice());
            assertThatThrownBy(() -> peers.listener().nextStream(Duration.ZERO)).isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    @Requirement("SYS-MEM-16")
    void givesStreamsToAHandler() throws Exception {
        try (PlainPeers peers = PlainPeers.open(false)) {
            CompletableFuture<String> heard = new CompletableFuture<>();
            peers.listener().onStream(stream -> {
                try (stream) {
                    heard.complete(read(stream, 5));
                } catch (Exception failure) {
                    heard.completeExceptionally(failure);
                }
            });
            write(peers.connect(), "hello");
            assertThat(heard.get(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("hello");
            assertThatThrownBy(() -> peers.listener().nextStream(DEADLINE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the streams of this listener go to a handler");
        }
    }
}
