package io.verbena.testkit.memoryrequests;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FastRegistration;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RegistrationFailurePolicy;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A connected pair whose queue pairs may register and bind memory. The client's end exposes memory, the server's is the peer
 * that uses it; the server has a pattern of {@value #OCTETS} octets to write, and room to read to.
 */
final class RequestPair implements AutoCloseable {
    static final int OCTETS = 5000;

    private final DevicePair pair;
    private final ByteBuffer patternOctets = ByteBuffer.allocateDirect(OCTETS);
    private final ByteBuffer sinkOctets = ByteBuffer.allocateDirect(OCTETS);
    private final MemoryRegion pattern;
    private final MemoryRegion sink;
    private final SendRequest request = new SendRequest();

    private RequestPair(PairOptions options) {
        pair = DevicePair.open(options);
        patternOctets.put(HexVectors.pattern(OCTETS)).clear();
        pattern = server().register(patternOctets.duplicate());
        sink = server().register(sinkOctets.duplicate());
        // The server may speak from now on.
        proveDelivery(client(), server());
    }

    /** Windows live until they are invalidated; a failure ends the queue pair. */
    static PairOptions options() {
        return PairOptions.defaults()
                .withDevices(device -> device.withWindowLifetime(DeviceOptions.WindowLifetime.UNTIL_INVALIDATED))
                .withQueuePairs(queuePair -> queuePair.withFastRegister(true));
    }

    static RequestPair open() {
        return open(UnaryOperator.identity());
    }

    static RequestPair open(UnaryOperator<PairOptions> change) {
        return new RequestPair(change.apply(options()));
    }

    static RequestPair open(RegistrationFailurePolicy policy) {
        return open(options -> options.withQueuePairs(queuePair -> queuePair.withRegistrationFailurePolicy(policy)));
    }

    DevicePair pair() {
        return pair;
    }

    PairEnd client() {
        return pair.client();
    }

    PairEnd server() {
        return pair.server();
    }

    // ---- what the client exposes ----

    /** Returns a new buffer that is full of 0xA5. */
    static ByteBuffer filled(int octets) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(octets);
        for (int i = 0; i < octets; i++) {
            buffer.put(i, (byte) 0xA5);
        }
        return buffer;
    }

    /** Allocates a region with room for everything that these tests register. */
    MemoryRegion allocate() {
        return client().allocateRegion(16, true);
    }

    /** Prepares the registration of {@code buffer} for local and remote reading and writing. */
    static FastRegistration prepare(MemoryRegion region, ByteBuffer buffer) {
        return region.fastRegistration(
                List.of(buffer.duplicate()),
                RegionOptions.access(
                        AccessFlag.LOCAL_WRITE,
                        AccessFlag.REMOTE_READ,
                        AccessFlag.REMOTE_WRITE,
                        AccessFlag.WINDOW_BIND));
    }

    /** Returns the request of the test; begin it anew for each post. */
    SendRequest request() {
        return request;
    }

    /** Registers at the client and waits for it. */
    void register(long id, FastRegistration registration) {
        client().post(request.fastRegister(registration).id(id));
        assertThat(client().awaitSendSuccess().id()).isEqualTo(id);
    }

    // ---- what the server does with it ----

    /** The server writes its pattern to the start of {@code target} and waits until that was placed. */
    void serverWrites(RemoteRegion target, int octets) {
        serverWritesOnly(target, octets);
        proveDelivery(server(), client());
    }

    /** The server writes its pattern to the start of {@code target}; what it sends next comes behind that. */
    void serverWritesOnly(RemoteRegion target, int octets) {
        server().post(request.write(target).id(900).signaled(false).local(pattern, 0, octets));
    }

    /** The server reads from the start of {@code source} and returns the octets. */
    byte[] serverReads(RemoteRegion source, int octets) {
        server().post(request.read(source).id(901).local(sink, 0, octets));
        server().awaitSendSuccess();
        byte[] read = new byte[octets];
        sinkOctets.get(0, read);
        return read;
    }

    /** The server tries to write a few octets, which must end the connection. */
    void serverTriesToWrite(RemoteRegion target) {
        server().post(request.write(target).id(902).local(pattern, 0, 8));
    }

    /** Sends an empty message, behind which everything earlier of the same direction was placed. */
    void proveDelivery(PairEnd from, PairEnd to) {
        to.postEmptyReceive(903);
        from.post(request.send().id(904));
        to.awaitReceiveSuccess();
        from.awaitSendSuccess();
    }

    static byte[] pattern(int octets) {
        return HexVectors.pattern(octets);
    }

    static byte[] octets(ByteBuffer buffer, int from, int length) {
        byte[] octets = new byte[length];
        buffer.get(from, octets);
        return octets;
    }

    // ---- what is asserted ----

    static void requireFailure(WorkCompletion completion, long id, WorkCompletionStatus status, FailedCheck check) {
        assertThat(completion.id()).isEqualTo(id);
        assertThat(completion.status()).isEqualTo(status);
        assertThat(completion.cause().check()).isEqualTo(check);
        assertThat(completion.cause().message()).contains(check.words());
    }

    /** The request has ended the connection: both ends get to Error, and the peer has seen Terminate 0/0/00. */
    void requireEnded() {
        client().awaitState(QueuePairState.ERROR);
        server().awaitState(QueuePairState.ERROR);
        assertThat(server().queuePair().query().terminate().triple()).isEqualTo("0/0/00");
    }

    @Override
    public void close() {
        pair.close();
    }
}
