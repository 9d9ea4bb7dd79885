package io.verbena.testkit.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.SystemDeadline;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.cm.Connection;
import io.verbena.verbs.cm.ConnectionFailedException;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.ConnectionRequest;
import io.verbena.verbs.cm.PlainStream;
import io.verbena.verbs.cm.PlainStreamListener;
import io.verbena.verbs.cm.PlainStreamListenerOptions;
import io.verbena.verbs.cm.PlainStreamOptions;
import io.verbena.verbs.cm.StreamBinding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** Two devices, a listener for plain streams on one, and what tests do with streams between them. */
final class PlainPeers implements AutoCloseable {
    static final Duration DEADLINE = SystemDeadline.USUAL;

    private static final InetSocketAddress ANYWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int EXCHANGED_OCTETS = 50_000;

    private final DevicePair pair;
    private final PlainStreamListener listener;

    private PlainPeers(PairOptions options, PlainStreamListenerOptions listening) throws IOException {
        pair = DevicePair.open(options);
        listener = pair.serverDevice().listenForStreams(ANYWHERE, listening);
    }

    static PlainPeers open(boolean callerDriven) throws IOException {
        PairOptions options = PairOptions.defaults();
        return open(callerDriven ? options.withCallerDrivenProgress() : options, PlainStreamListenerOptions.defaults());
    }

    static PlainPeers open(PairOptions options, PlainStreamListenerOptions listening) throws IOException {
        return new PlainPeers(options, listening);
    }

    DevicePair pair() {
        return pair;
    }

    PlainStreamListener listener() {
        return listener;
    }

    PlainStream connect() throws ConnectionFailedException, InterruptedException {
        return connect(PlainStreamOptions.defaults());
    }

    PlainStream connect(PlainStreamOptions options) throws ConnectionFailedException, InterruptedException {
        return pair.clientDevice().openStream(listener.localAddress(), options);
    }

    PlainStream accept() throws TimeoutException, InterruptedException {
        return listener.nextStream(DEADLINE);
    }

    static void write(PlainStream stream, String text) throws Exception {
        stream.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), DEADLINE);
    }

    static String read(PlainStream stream, int octets) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(octets);
        stream.readFully(buffer, DEADLINE);
        return new String(buffer.array(), StandardCharsets.US_ASCII);
    }

    static int readOne(PlainStream stream) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        int octets = stream.read(buffer, DEADLINE);
        return octets < 0 ? octets : buffer.get(0);
    }

    /** Starts MPA on both ends of a stream and waits until the connection stands. */
    void upgrade(PlainStream initiator, PairEnd initiating, PlainStream responder, PairEnd responding)
            throws Exception {
        CompletableFuture<Connection> starting =
                initiator.startMpaAsync(initiating.queuePair(), ConnectionParameters.defaults());
        ConnectionRequest request = awaitMpa(responder);
        CompletableFuture<Connection> accepting =
                request.acceptAsync(responding.queuePair(), ConnectionParameters.defaults());
        pair.await("both ends in operation", () -> starting.isDone() && accepting.isDone());
        assertThat(starting.get().agreement().initiator()).isTrue();
        assertThat(accepting.get().agreement().initiator()).isFalse();
    }

    /** Awaits the Request; the other device, if it is caller-driven, sends it first. */
    ConnectionRequest awaitMpa(PlainStream responder) throws Exception {
        pair.progress();
        return responder.awaitMpa(DEADLINE);
    }

    /** Sends, writes and reads back a pattern. */
    static void exchange(PairEnd from, PairEnd to) {
        byte[] pattern = HexVectors.pattern(EXCHANGED_OCTETS);
        ByteBuffer source =
                ByteBuffer.allocateDirect(EXCHANGED_OCTETS).put(pattern).flip();
        ByteBuffer inbox = ByteBuffer.allocateDirect(EXCHANGED_OCTETS);
        ByteBuffer target = ByteBuffer.allocateDirect(EXCHANGED_OCTETS);
        ByteBuffer sink = ByteBuffer.allocateDirect(EXCHANGED_OCTETS);
        MemoryRegion sourceRegion = from.register(source.duplicate());
        MemoryRegion targetRegion = to.register(target.duplicate(), AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE);
        to.postReceive(1, to.register(inbox.duplicate()));
        SendRequest request = new SendRequest();
        from.queuePair()
                .postSend(request.write(targetRegion.remote()).local(sourceRegion, 0, EXCHANGED_OCTETS))
                .orThrow();
        from.queuePair()
                .postSend(
                        request.read(targetRegion.remote()).local(from.register(sink.duplicate()), 0, EXCHANGED_OCTETS))
                .orThrow();
        from.queuePair()
                .postSend(request.send().local(sourceRegion, 0, EXCHANGED_OCTETS))
                .orThrow();
        for (int i = 0; i < 3; i++) {
            from.awaitSendSuccess();
        }
        to.awaitReceiveSuccess();
        assertThat(octets(inbox)).isEqualTo(pattern);
        assertThat(octets(sink)).isEqualTo(pattern);
    }

    static byte[] octets(ByteBuffer buffer) {
        byte[] octets = new byte[buffer.capacity()];
        buffer.get(0, octets);
        return octets;
    }

    /** Waits until the device says what the stream between these two ports is bound to. */
    void awaitBinding(Device device, StreamBinding expected) {
        pair.await(
                "binding " + expected + ", but there are " + device.streams(),
                () -> device.streams().contains(expected));
    }

    /** Waits until no stream of the device is plain or in startup. */
    void awaitNoPlainStreams(Device device) {
        pair.await(
                "the end of plain streams, but there are " + device.streams(),
                () -> plainOf(device).isEmpty());
    }

    static List<StreamBinding> plainOf(Device device) {
        return device.streams().stream()
                .filter(binding -> binding.kind() != StreamBinding.Kind.RDMA)
                .toList();
    }

    @Override
    public void close() {
        listener.close();
        pair.close();
    }
}
