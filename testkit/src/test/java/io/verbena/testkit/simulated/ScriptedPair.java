package io.verbena.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A client and a server whose FPDUs arrive when and in which order the test says. FPDUs of either direction are counted from
 * 0, the first one behind the startup. A segment carries somewhat more than 1000 octets of payload.
 */
final class ScriptedPair implements AutoCloseable {
    /** Octets of the client's source: a pattern. */
    static final int OCTETS = 8000;

    /** Payload of a tagged segment that is not the last of its message. */
    static final int TAGGED_PAYLOAD_OCTETS = 1020;

    private final SimulatedNetwork network = SimulatedNetwork.seeded(1);
    private final DevicePair pair;
    private final FpduTraffic toServer;
    private final FpduTraffic toClient;
    private final int firstToServer;
    private final int firstToClient;
    private final ByteBuffer sourceOctets = ByteBuffer.allocateDirect(OCTETS);
    private final MemoryRegion source;
    private final List<MemoryWindow> windows = new ArrayList<>();

    ScriptedPair() {
        this(OutOfOrder.scripted(), PairOptions.defaults());
    }

    ScriptedPair(OutOfOrder order, PairOptions options) {
        // Less 6 octets of MPA, and 14 of header, or 18 if untagged.
        network.linkOptions(LinkOptions.defaults().withSegmentOctets(1040).withOutOfOrder(order));
        pair = DevicePair.open(options.withOpener(network::open));
        SimulatedLink link = network.link(pair.client().connection());
        toServer = link.toServer().fpdus();
        toClient = link.toClient().fpdus();
        sourceOctets.put(0, HexVectors.pattern(OCTETS));
        source = pair.client().register(sourceOctets, AccessFlag.REMOTE_READ);
        // A responder speaks only when it was spoken to.
        pair.server().postEmptyReceive(0);
        client().queuePair().postSend(new SendRequest().send()).orThrow();
        network.settle();
        receive(pair.server());
        sent(pair.client());
        firstToServer = toServer.nextNumber();
        firstToClient = toClient.nextNumber();
        toServer.holdBack();
        toClient.holdBack();
    }

    SimulatedNetwork network() {
        return network;
    }

    PairEnd client() {
        return pair.client();
    }

    PairEnd server() {
        return pair.server();
    }

    FpduTraffic toServer() {
        return toServer;
    }

    FpduTraffic toClient() {
        return toClient;
    }

    MemoryRegion source() {
        return source;
    }

    /** Posts a request of the client; its FPDUs arrive and are held back. Returns how many those are. */
    int post(SendRequest request) {
        int before = toServer.nextNumber();
        client().queuePair().postSend(request).orThrow();
        network.settle();
        return toServer.nextNumber() - before;
    }

    /** Posts a Write of the first {@code octets} octets of the source; returns the number of its FPDUs. */
    int write(MemoryRegion target, int octets) {
        return post(new SendRequest().write(target.remote(0, octets)).local(source, 0, octets));
    }

    /** Posts a Send of the first {@code octets} octets of the source; returns the number of its FPDUs. */
    int send(int octets) {
        return post(new SendRequest().send().local(source, 0, octets));
    }

    /** Delivers FPDUs to the server, in this order. */
    void deliver(int... numbers) {
        deliver(toServer, firstToServer, numbers);
    }

    /** Delivers FPDUs to the client, in this order. */
    void deliverToClient(int... numbers) {
        deliver(toClient, firstToClient, numbers);
    }

    private void deliver(FpduTraffic direction, int first, int... numbers) {
        for (int number : numbers) {
            direction.deliver(first + number);
        }
        network.settle();
    }

    /** Closes a window together with this pair. */
    void adopt(MemoryWindow window) {
        windows.add(window);
    }

    /** Returns the stream position of an FPDU to the server. */
    long position(int number) {
        return toServer.position(firstToServer + number);
    }

    /** Returns how many FPDUs went to the client since the startup. */
    int answers() {
        return toClient.nextNumber() - firstToClient;
    }

    /** Lets everything arrive that was held back, and all that comes of it. */
    void release() {
        toServer.deliverRest();
        toClient.deliverRest();
        network.settle();
    }

    /** Takes the completions of received messages. */
    List<WorkCompletion> receive(PairEnd end) {
        List<WorkCompletion> taken = new ArrayList<>();
        end.receiveCompletions().poll(64, completion -> taken.add(completion.copy()));
        return taken;
    }

    /** Takes the completions of the send queue. */
    List<WorkCompletion> sent(PairEnd end) {
        List<WorkCompletion> taken = new ArrayList<>();
        end.sendCompletions().poll(64, completion -> taken.add(completion.copy()));
        return taken;
    }

    /** Insists that octets {@code from} to {@code end} are those of the source, and all others zero. */
    static void requireOnly(ByteBuffer octets, int from, int end) {
        byte[] expected = new byte[octets.capacity()];
        System.arraycopy(HexVectors.pattern(OCTETS), from, expected, from, end - from);
        byte[] is = new byte[octets.capacity()];
        octets.get(0, is);
        assertThat(is).isEqualTo(expected);
    }

    @Override
    public void close() {
        release();
        windows.forEach(MemoryWindow::close);
        pair.close();
        network.close();
    }
}
