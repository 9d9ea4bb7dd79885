package io.verbena.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.memory.TableEntry;
import io.verbena.rdmap.wire.AtomicOperation;
import io.verbena.rdmap.wire.AtomicRequestHeader;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.ReturnedHeaders;
import io.verbena.rdmap.wire.TerminateMessage;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Atomic operations and Immediate Data (RFC 7306) of one end, with the peer's messages made by hand. */
class AtomicMessagesTest {
    private final Desk desk = Desk.connected();
    private final ByteBuffer octets = ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder());
    private final TableEntry region = desk.region(octets, AccessFlag.values());

    // ---- requester ----

    @Test
    void sharesTheQueueOfReadsAndCompletesWithTheValueFound() {
        desk.read(1, region, 8);
        desk.fetchAdd(2, region, 5);
        Peer.Frame request = desk.lastFrame();
        assertThat(request.opcode()).isEqualTo(RdmapOpcode.ATOMIC_REQUEST);
        assertThat(request.sequence()).isEqualTo(2);
        AtomicRequestHeader header = request.atomicRequest();
        assertThat(header.operation()).isEqualTo(AtomicOperation.FETCH_ADD);
        assertThat(header.remoteStag()).isEqualTo(0x9999);
        assertThat(header.remoteTaggedOffset()).isEqualTo(0x3000);
        assertThat(header.addOrSwapData()).isEqualTo(5);
        assertThat(header.addOrSwapMask()).isZero();
        assertThat(header.compareData()).isZero();
        assertThat(header.compareMask()).isEqualTo(AtomicRequestHeader.UNUSED_COMPARE_MASK);
        desk.arrive(Peer.readResponse(region.stag(), region.startAddress(), true, 8));
        desk.arrive(Peer.atomicResponse(1, header.requestIdentifier(), 0x0102030405060708L));
        assertThat(octets.getLong(0)).isEqualTo(0x0102030405060708L);
        WorkCompletion completion = Desk.copies(desk.sends).get(1);
        assertThat(completion.success()).isTrue();
        assertThat(completion.operation()).isEqualTo(CompletedOperation.FETCH_ADD);
        assertThat(completion.lengthOctets()).isEqualTo(8);
        assertThat(desk.stream.drained()).isTrue();
    }

    @Test
    void waitsForRoomAmongReadsAndFencesWhatComesBehind() {
        for (int i = 1; i <= 3; i++) {
            desk.read(i, region, 8);
        }
        desk.fetchAdd(4, region, 1);
        desk.fetchAdd(5, region, 1);
        assertThat(desk.frames()).as("ORD 4").hasSize(4);
        for (int i = 1; i <= 3; i++) {
            desk.arrive(Peer.readResponse(region.stag(), region.startAddress(), true, 8));
        }
        assertThat(desk.frames()).hasSize(5);
        desk.fencedSend(6, region, 8);
        assertThat(desk.frames()).as("fence").hasSize(5);
        desk.arrive(Peer.atomicResponse(1, 4, 0));
        assertThat(desk.frames()).as("fence").hasSize(5);
        desk.arrive(Peer.atomicResponse(2, 5, 0));
        assertThat(desk.opcodes()).endsWith("SEND");
    }

    @Test
    @Requirement("EXT-5.2.2-02")
    void refusesResponsesThatDoNotAnswerTheOldestRequest() {
        assertThat(refusal(peer -> peer.arrive(Peer.atomicResponse(1, 1, 0)), false))
                .as("nothing outstanding")
                .isEqualTo("1/2/02");
        assertThat(refusal(peer -> peer.arrive(Peer.atomicResponse(1, 2, 0)), true))
                .as("identifier")
                .isEqualTo("0/2/07");
        assertThat(refusal(peer -> peer.arrive(Peer.atomicResponse(2, 1, 0)), true))
                .as("MSN")
                .isEqualTo("1/2/03");
        assertThat(refusal(
                        peer -> {
                            peer.arrive(Peer.atomicResponse(1, 1, 0));
                            peer.arrive(Peer.atomicResponse(1, 1, 0));
                        },
                        true))
                .as("the same again")
                .isEqualTo("1/2/03");
        assertThat(refusal(
                        peer -> peer.arrive(Peer.fpdu(
                                Peer.untagged(RdmapOpcode.ATOMIC_RESPONSE, 1, 0, true, 0, ByteBuffer.allocate(13)))),
                        true))
                .as("length")
                .isEqualTo("1/0/00");
    }

    private static String refusal(Consumer<Desk> message, boolean outstanding) {
        Desk desk = Desk.connected();
        if (outstanding) {
            desk.fetchAdd(1, desk.region(8, AccessFlag.LOCAL_WRITE), 1);
        }
        message.accept(desk);
        assertThat(desk.engine.state()).isNotEqualTo(QueuePairState.RTS);
        return desk.lastFrame().triple();
    }

    @Test
    void refusesAResponseOutOfTurn() {
        desk.read(1, region, 8);
        desk.fetchAdd(2, region, 1);
        desk.arrive(Peer.atomicResponse(1, 2, 77));
        assertThat(desk.lastFrame().triple()).isEqualTo("0/2/07");
        desk.arriveFin();
        assertThat(desk.completions()).containsExactly("1 FLUSHED", "2 FLUSHED");
        assertThat(octets.getLong(0)).isZero();
        assertThat(desk.ends.get(0).check()).isEqualTo(FailedCheck.ATOMIC_RESPONSE);
    }

    @Test
    void refusesAReadResponseWhereAnAtomicResponseIsDue() {
        desk.fetchAdd(1, region, 1);
        desk.arrive(Peer.readResponse(region.stag(), region.startAddress(), true, 8));
        assertThat(desk.lastFrame().triple()).isEqualTo("1/1/00");
        Desk zero = Desk.connected();
        zero.fetchAdd(1, zero.region(8, AccessFlag.LOCAL_WRITE), 1);
        zero.arrive(Peer.readResponse(0, 0, true, 0));
        assertThat(zero.lastFrame().triple()).isEqualTo("1/1/00");
        assertThat(octets.getLong(0)).isZero();
    }

    @Test
    void failsWithoutTrafficIfItsSinkMayNotBeWritten() {
        desk.fetchAdd(1, desk.region(8, AccessFlag.LOCAL_READ), 1);
        assertThat(desk.opcodes()).containsExactly("TERMINATE");
        assertThat(desk.lastFrame().triple()).isEqualTo("0/0/00");
        assertThat(desk.completions()).containsExactly("1 LOCAL_ACCESS");
    }

    @Test
    void failsByNameIfItsSinkGoesAway() {
        desk.fetchAdd(1, region, 1);
        desk.fetchAdd(2, region, 1);
        desk.memory.deregister(region);
        desk.arrive(Peer.atomicResponse(1, 1, 7));
        assertThat(desk.lastFrame().triple()).isEqualTo("0/0/00");
        desk.arriveFin();
        assertThat(desk.completions()).containsExactly("1 LOCAL_INVALID_STAG", "2 FLUSHED");
        assertThat(octets.getLong(0)).isZero();
    }

    @Test
    void aTerminateThatReturnsItsDdpHeaderFailsItByName() {
        desk.read(1, region, 8);
        desk.fetchAdd(2, region, 1);
        desk.fetchAdd(3, region, 1);
        ByteBuffer request = Peer.untagged(
                RdmapOpcode.ATOMIC_REQUEST,
                3,
                0,
                true,
                0,
                ByteBuffer.wrap(desk.lastFrame().payload()));
        ByteBuffer message = ByteBuffer.allocate(TerminateMessage.MAX_OCTETS);
        int length = TerminateMessage.encode(
                message,
                0,
                TerminateReason.RDMAP_PROTECTION_ACCESS_RIGHTS,
                ReturnedHeaders.DDP,
                request,
                0,
                request.capacity());
        desk.arrive(Peer.fpdu(Peer.untagged(RdmapOpcode.TERMINATE, 1, 0, true, 0, message.slice(0, length))));
        desk.arriveFin();
        var completions = Desk.copies(desk.sends);
        assertThat(completions.stream().map(completion -> completion.id() + " " + completion.status()))
                .containsExactly("1 FLUSHED", "2 FLUSHED", "3 REMOTE_ACCESS");
        assertThat(completions.get(2).cause().stag()).isEqualTo(0x9999);
        assertThat(completions.get(2).cause().address()).isEqualTo(0x3000);
        assertThat(completions.get(2).cause().right()).isEqualTo(AccessFlag.REMOTE_ATOMIC);
    }

    // ---- responder ----

    @Test
    void answersInTheOrderOfTheRequestsAmongReads() {
        octets.putLong(0, 100);
        long start = region.startAddress();
        desk.allow(0);
        desk.arrive(
                Peer.fetchAdd(1, region.stag(), start, 1),
                Peer.readRequest(2, region.stag(), start, 8),
                Peer.fetchAdd(3, region.stag(), start, 1));
        desk.allow(Long.MAX_VALUE);
        assertThat(desk.opcodes()).containsExactly("ATOMIC_RESPONSE", "READ_RESPONSE", "ATOMIC_RESPONSE");
        Peer.Frame first = desk.frames().get(0);
        Peer.Frame last = desk.lastFrame();
        assertThat(first.sequence()).isEqualTo(1);
        assertThat(first.atomicResponse().originalRequestIdentifier()).isEqualTo(0x701);
        assertThat(first.atomicResponse().originalRemoteData()).isEqualTo(100);
        assertThat(last.sequence()).isEqualTo(2);
        assertThat(last.atomicResponse().originalRequestIdentifier()).isEqualTo(0x703);
        assertThat(last.atomicResponse().originalRemoteData()).isEqualTo(101);
        assertThat(octets.getLong(0)).isEqualTo(102);
        assertThat(desk.stream.drained()).isTrue();
    }

    /** RFC 7306 section 5.4, rules 4 and 6: a request whose Response cannot leave yet holds nothing up that comes behind it. */
    @Test
    @Requirement({"EXT-5.4-04", "EXT-5.4-06"})
    void aResponseMayComeAfterLaterWritesAndSends() {
        desk.allow(0);
        desk.send(1, region, 8);
        desk.receive(50, region, 8);
        desk.arrive(
                Peer.fetchAdd(1, region.stag(), region.startAddress(), 1),
                Peer.write(region.stag(), region.startAddress() + 16, 8),
                Peer.send(1, 0));
        assertThat(desk.opcodes()).isEmpty();
        assertThat(octets.getLong(16)).as("placed").isNotZero();
        assertThat(desk.receiveCompletions()).containsExactly("50 SUCCESS");
        desk.allow(Long.MAX_VALUE);
        assertThat(desk.opcodes()).containsExactlyInAnyOrder("SEND", "ATOMIC_RESPONSE");
        assertThat(octets.getLong(0)).isEqualTo(1);
    }

    @Test
    void refusesMoreRequestsThanItTakes() {
        desk.allow(0);
        for (int i = 1; i <= 5; i++) {
            desk.arrive(Peer.fetchAdd(i, region.stag(), region.startAddress(), 1));
        }
        desk.allow(Long.MAX_VALUE);
        assertThat(desk.lastFrame().triple()).as("IRD 4").isEqualTo("1/2/03");
    }

    /** The target is checked when the request arrives, and again when its turn comes. */
    @Test
    void refusesATargetThatWasWithdrawnBeforeItsTurn() {
        desk.allow(0);
        // One octet of output is stuck, so that what arrives has to wait.
        desk.send(1, region, 8);
        desk.arrive(Peer.fetchAdd(1, region.stag(), region.startAddress(), 1));
        desk.memory.deregister(region);
        desk.allow(Long.MAX_VALUE);
        Peer.Frame terminate = desk.lastFrame();
        assertThat(terminate.triple()).isEqualTo("0/1/00");
        assertThat(terminate.terminate().hasRdmapHeader()).isFalse();
        assertThat(terminate.terminate().segmentLength()).isEqualTo(UntaggedHeader.OCTETS + AtomicRequestHeader.OCTETS);
        UntaggedHeader returned = new UntaggedHeader()
                .wrap(
                        ByteBuffer.wrap(terminate.payload()),
                        terminate.terminate().ddpHeaderOffset());
        assertThat(returned.messageSequenceNumber()).isEqualTo(1);
        assertThat(octets.getLong(0)).isZero();
        assertThat(desk.ends).isEmpty();
    }

    // ---- Immediate Data ----

    @Test
    void immediateDataUsesUpAReceiveAndLeavesItsMemoryAlone() {
        desk.receive(50, region, 64);
        desk.arrive(Peer.immediate(1, 0x1122334455667788L));
        WorkCompletion completion = Desk.copies(desk.receives).get(0);
        assertThat(completion.id()).isEqualTo(50);
        assertThat(completion.hasImmediate()).isTrue();
        assertThat(completion.immediateData()).isEqualTo(0x1122334455667788L);
        assertThat(completion.lengthOctets()).isZero();
        assertThat(octets).isEqualTo(ByteBuffer.allocate(64));
        desk.arrive(Peer.immediate(2, 1));
        assertThat(desk.lastFrame().triple()).as("no receive").isEqualTo("1/2/02");
    }

    @Test
    void immediateDataGoesOutAmongSends() {
        desk.send(1, region, 8);
        desk.immediate(2, 0x0102030405060708L);
        assertThat(desk.opcodes()).containsExactly("SEND", "IMMEDIATE");
        assertThat(desk.lastFrame().sequence()).isEqualTo(2);
        assertThat(desk.lastFrame().payload()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(desk.completions()).containsExactly("1 SUCCESS", "2 SUCCESS");
    }
}
