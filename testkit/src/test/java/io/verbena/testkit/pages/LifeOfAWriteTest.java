package io.verbena.testkit.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.observe.TraceListener;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.SystemDeadline;
import io.verbena.verbs.AccessFlag;
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
import io.verbena.verbs.cm.SocketOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The octets of {@code docs/life-of-a-write.md} are those that two devices exchange. */
@Timeout(60)
class LifeOfAWriteTest {
    private static final DocumentPage PAGE = DocumentPage.read("life-of-a-write.md");
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    /** As on an Ethernet with TCP timestamps. */
    private static final int SEGMENT_OCTETS = 1448;

    private final List<String> trace = new CopyOnWriteArrayList<>();

    @Test
    void oneWriteLooksAsThePageShows() throws Exception {
        Exchange exchange = write(HELLO, ConnectionParameters.defaults());

        assertThat(exchange.request()).isEqualTo(PAGE.hex("request"));
        assertThat(exchange.reply()).isEqualTo(PAGE.hex("reply"));
        assertThat(exchange.fpdus()).isEqualTo(PAGE.hex("fpdu"));
        assertThat(exchange.arrived()).isEqualTo(HELLO);
        assertThat(trace.stream().filter(line -> line.startsWith(">>"))).containsExactlyElementsOf(PAGE.block("trace"));
    }

    @Test
    void markersStandWhereThePageShowsThem() throws Exception {
        Exchange exchange = write(HELLO, ConnectionParameters.defaults().withMarkers(true));

        assertThat(exchange.fpdus()).isEqualTo(PAGE.hex("fpdu with markers"));
        assertThat(exchange.arrived()).isEqualTo(HELLO);
    }

    @Test
    void aLongWriteIsCutAsThePageShows() throws Exception {
        byte[] octets = HexVectors.pattern(3000);

        Exchange exchange = write(octets, ConnectionParameters.defaults());

        List<String> headers = new ArrayList<>();
        ByteBuffer stream = ByteBuffer.wrap(HexVectors.octets(exchange.fpdus()));
        while (stream.hasRemaining()) {
            byte[] header = new byte[16];
            int start = stream.position();
            stream.get(header);
            headers.add(HexVectors.hex(header));
            int covered = 2 + (Short.toUnsignedInt(stream.getShort(start)));
            stream.position(start + (covered + 3) / 4 * 4 + 4);
        }
        assertThat(String.join("", headers)).isEqualTo(PAGE.hex("headers of a long write"));
        assertThat(exchange.arrived()).isEqualTo(octets);
    }

    private record Exchange(String request, String reply, String fpdus, byte[] arrived) {}

    /** Connects two devices through a relay, writes {@code octets} from one to the other, and closes in order. */
    private Exchange write(byte[] octets, ConnectionParameters responderWishes) throws Exception {
        DeviceOptions options = DeviceOptions.defaults().withStagPolicy(DeviceOptions.StagPolicy.SEQUENTIAL);
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ByteBuffer memory = ByteBuffer.allocateDirect(4096);
        try (Device server = Device.open(options);
                Device client = Device.open(options.withListener(new TraceListener(trace::add)));
                ConnectionListener listener = server.listen(anyPort);
                RecordingRelay relay = new RecordingRelay(listener.localAddress())) {
            ProtectionDomain serverDomain = server.allocateProtectionDomain();
            MemoryRegion open = serverDomain.register(memory, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
            QueuePair serverEnd =
                    serverDomain.createQueuePair(QueuePairOptions.with(server.createCompletionQueue(256)));
            ProtectionDomain clientDomain = client.allocateProtectionDomain();
            QueuePair clientEnd =
                    clientDomain.createQueuePair(QueuePairOptions.with(client.createCompletionQueue(256)));

            ConnectionParameters initiatorWishes = ConnectionParameters.defaults()
                    .withSocket(SocketOptions.defaults().withSegmentOctets(SEGMENT_OCTETS));
            Future<Connection> connecting = client.connectAsync(clientEnd, relay.address(), initiatorWishes);
            Connection accepted = listener.nextRequest(SystemDeadline.USUAL)
                    .accept(
                            serverEnd,
                            responderWishes.withPrivateData(open.remote().encode()));
            Connection connection = connecting.get(10, TimeUnit.SECONDS);
            RemoteRegion remote = RemoteRegion.decode(ByteBuffer.wrap(connection.privateData()));
            MemoryRegion local = clientDomain.register(ByteBuffer.wrap(octets));
            clientEnd
                    .postSend(new SendRequest().write(remote).local(local, 0, octets.length))
                    .orThrow();
            assertThat(clientEnd.disconnect(SystemDeadline.USUAL)).isTrue();
            assertThat(accepted.closed().get(10, TimeUnit.SECONDS)).isNull();

            byte[] sent = relay.fromInitiator();
            int request = startupOctets(sent);
            byte[] arrived = new byte[octets.length];
            memory.get(0, arrived);
            return new Exchange(
                    HexVectors.hex(Arrays.copyOf(sent, request)),
                    HexVectors.hex(relay.fromResponder()),
                    HexVectors.hex(Arrays.copyOfRange(sent, request, sent.length)),
                    arrived);
        }
    }

    private static int startupOctets(byte[] stream) {
        return 20 + Short.toUnsignedInt(ByteBuffer.wrap(stream).getShort(18));
    }
}
