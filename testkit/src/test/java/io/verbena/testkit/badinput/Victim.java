package io.verbena.testkit.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawPeer;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.PairOptions;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.cm.ConnectionRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A device with two connections: one to a raw peer that is going to misbehave, and one to a bystander that must not notice.
 * The raw peer may use 4096 octets in the middle of memory that is filled with 0xA5.
 */
final class Victim implements AutoCloseable {
    static final int GUARD_OCTETS = 4096;
    static final int GRANTED_OCTETS = 4096;

    private static final byte FILL = (byte) 0xA5;
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final DevicePair pair;
    private final PlacementMode mode;
    private final ByteBuffer memory = filled(GUARD_OCTETS + GRANTED_OCTETS + GUARD_OCTETS);
    private final ByteBuffer foreignMemory = filled(GRANTED_OCTETS);
    private final MemoryRegion granted;
    private final ProtectionDomain foreignDomain;
    private final MemoryRegion foreign;
    private final PairEnd end;
    private final RawPeer peer;

    private Victim(PlacementMode mode, UnaryOperator<PairOptions> options, UnaryOperator<RawStartup> request)
            throws Exception {
        this.mode = mode;
        pair = DevicePair.open(options.apply(PairOptions.defaults().withPlacement(mode)));
        end = pair.newServerEnd();
        granted = end.register(
                memory.slice(GUARD_OCTETS, GRANTED_OCTETS), AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE);
        foreignDomain = end.device().allocateProtectionDomain();
        foreign = foreignDomain.register(
                foreignMemory.duplicate(), AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE);
        peer = attach(end, request);
    }

    /** Opens a victim that places in this mode; the raw peer is connected. */
    static Victim open(PlacementMode mode) throws Exception {
        return open(mode, UnaryOperator.identity(), UnaryOperator.identity());
    }

    /** Opens a victim with other options, and a raw peer with another request. */
    static Victim open(PlacementMode mode, UnaryOperator<PairOptions> options, UnaryOperator<RawStartup> request)
            throws Exception {
        return new Victim(mode, options, request);
    }

    private RawPeer attach(PairEnd at, UnaryOperator<RawStartup> change) throws Exception {
        RawStartup request = RawStartup.request().withDepths(16, 16).withCrc(mode != PlacementMode.DIRECT);
        RawPeer attached = RawPeer.connect(pair.listener().localAddress());
        attached.sendRequest(change.apply(request));
        ConnectionRequest arrived = pair.listener().nextRequest(DEADLINE);
        arrived.accept(at.queuePair(), pair.options().serverParameters());
        attached.expectReply();
        // RFC 5044 section 7.1.2: the responder may send nothing, not even a Terminate, before it has heard a good
        // FPDU.
        attached.sendFpdu(RawSegment.write(0, 0, new byte[0]));
        return attached;
    }

    DevicePair pair() {
        return pair;
    }

    PairEnd end() {
        return end;
    }

    RawPeer peer() {
        return peer;
    }

    MemoryRegion granted() {
        return granted;
    }

    /** Returns a region with all rights in a protection domain that the raw peer's queue pair does not belong to. */
    MemoryRegion foreign() {
        return foreign;
    }

    /** Returns the address that lies {@code offset} octets behind the start of the granted range. */
    long at(long offset) {
        return granted.startAddress() + offset;
    }

    /** Returns {@code length} octets of the granted range. */
    byte[] octets(int offset, int length) {
        byte[] octets = new byte[length];
        memory.get(GUARD_OCTETS + offset, octets);
        return octets;
    }

    /** Registers the granted range once more, with these rights only. */
    MemoryRegion registerAgain(AccessFlag... access) {
        return end.register(List.of(memory.slice(GUARD_OCTETS, GRANTED_OCTETS)), RegionOptions.access(access));
    }

    /** Insists that no octet inside or outside of the granted range has changed, and none of the other domain. */
    void requireMemoryUntouched() {
        assertThat(foreignMemory).isEqualTo(filled(GRANTED_OCTETS));
        assertThat(memory.duplicate().clear()).isEqualTo(filled(memory.capacity()));
    }

    /** Insists that no octet outside of the granted range has changed. */
    void requireGuardsUntouched() {
        assertThat(memory.slice(0, GUARD_OCTETS)).isEqualTo(filled(GUARD_OCTETS));
        assertThat(memory.slice(GUARD_OCTETS + GRANTED_OCTETS, GUARD_OCTETS)).isEqualTo(filled(GUARD_OCTETS));
    }

    /** Insists that the queue pair ended in Error and that this event, and no other, told of it. */
    FailureCause requireOneEvent(AsyncEvent.Kind kind, FailedCheck check) throws InterruptedException {
        end.awaitState(QueuePairState.ERROR);
        end.awaitEvents(1);
        requireOthersWork();
        List<AsyncEvent> events = end.events();
        assertThat(events).hasSize(1);
        FailureCause cause = events.get(0).cause();
        assertThat(cause).as("cause of %s", events.get(0)).isNotNull();
        assertThat(cause.check()).as("check of %s", events.get(0)).isEqualTo(check);
        assertThat(events.get(0).kind()).as("%s", events.get(0)).isEqualTo(kind);
        return cause;
    }

    /** Insists that the queue pair ended in Error and that the next receive completion, and no event, told of it. */
    FailureCause requireFailedReceive(WorkCompletionStatus status, FailedCheck check) throws InterruptedException {
        WorkCompletion failed = end.awaitReceive();
        assertThat(failed.status()).isEqualTo(status);
        assertThat(failed.cause().check()).isEqualTo(check);
        end.awaitState(QueuePairState.ERROR);
        requireOthersWork();
        assertThat(end.events()).isEmpty();
        return failed.cause();
    }

    /** Insists that the Terminate that was sent can be seen in the cause and by query (VRB-QP-07). */
    void requireTerminateSent(FailureCause cause, String triple) {
        assertThat(cause.terminate()).as("Terminate of %s", cause).isNotNull();
        assertThat(cause.terminate().triple()).isEqualTo(triple);
        assertThat(cause.terminate().sent()).isTrue();
        assertThat(end.queuePair().query().terminate().triple()).isEqualTo(triple);
    }

    /** Insists that the next {@code count} receives are flushed and name the failure that started it. */
    void requireFlushedReceives(int count, FailedCheck root) {
        for (int i = 0; i < count; i++) {
            WorkCompletion flushed = end.awaitReceive();
            assertThat(flushed.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
            assertThat(flushed.cause().root().check()).isEqualTo(root);
        }
    }

    /**
     * Insists that the bystander's connection still sends, writes and reads; then closes it in order. Events come one at a
     * time and in order, so with its last event all those of the raw peer's connection have come, too.
     */
    void requireOthersWork() throws InterruptedException {
        PairEnd client = pair.client();
        PairEnd server = pair.server();
        byte[] data = HexVectors.pattern(3000);
        MemoryRegion source = client.register(ByteBuffer.wrap(data.clone()));
        MemoryRegion sink = client.register(3000);
        ByteBuffer targetMemory = ByteBuffer.allocateDirect(3000);
        MemoryRegion target = server.register(targetMemory, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE);
        MemoryRegion inbox = server.register(3000);
        server.postReceive(1, inbox);
        SendRequest request = new SendRequest();
        client.queuePair()
                .postSend(request.write(target.remote()).local(source, 0, 3000))
                .orThrow();
        client.queuePair()
                .postSend(request.read(target.remote()).local(sink, 0, 3000))
                .orThrow();
        client.queuePair().postSend(request.send().local(source, 0, 3000)).orThrow();
        for (int i = 0; i < 3; i++) {
            client.awaitSendSuccess();
        }
        assertThat(server.awaitReceiveSuccess().lengthOctets()).isEqualTo(3000);
        assertThat(targetMemory).isEqualTo(ByteBuffer.wrap(data));
        assertThat(client.queuePair().disconnect(DEADLINE)).isTrue();
        server.await(
                "the last event of the bystander",
                () -> server.events().stream().anyMatch(event -> event.kind() == AsyncEvent.Kind.CLOSE_COMPLETE));
    }

    private static ByteBuffer filled(int octets) {
        byte[] fill = new byte[octets];
        Arrays.fill(fill, FILL);
        return ByteBuffer.allocateDirect(octets).put(fill).flip();
    }

    @Override
    public void close() {
        peer.close();
        foreign.close();
        foreignDomain.close();
        pair.close();
    }
}
