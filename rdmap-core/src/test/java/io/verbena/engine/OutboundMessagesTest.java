package io.verbena.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.memory.TableEntry;
import io.verbena.mpa.RtrKind;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.ReadRequestHeader;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes out, in which order, and when it is done. */
class OutboundMessagesTest {
    @Test
    @Requirement({"DDP-3-02", "RDMAP-5.5-14", "VRB-WC-04"})
    void aMessageCompletesWithItsLastOctetHoweverTheTransportTakesIt() {
        for (int portion : new int[] {1, 2, 3, 7, 64, 100, 1000, 5000}) {
            Desk desk = Desk.connected();
            TableEntry region = desk.region(4000, AccessFlag.LOCAL_WRITE);
            desk.bytes.allowance = 0;
            desk.send(1, region, 10);
            desk.write(2, region, 3000);
            desk.send(3, region, 0);
            desk.send(4, region, 1500);
            List<String> completions = new ArrayList<>();
            List<Long> ends = new ArrayList<>();
            for (int round = 0; round < 10_000 && completions.size() < 4; round++) {
                desk.allow(portion);
                for (String completion : desk.sendCompletions()) {
                    completions.add(completion);
                    ends.add(desk.bytes.taken);
                }
            }
            assertThat(completions).containsExactly("1 SUCCESS", "2 SUCCESS", "3 SUCCESS", "4 SUCCESS");
            // 36; 3 segments of a Write: 2 * 1448 with 1428 octets of payload, 164 with 144; 24; 1448 with 1424 and 100
            // with 76.
            long[] lastOctets = {36, 36 + 2 * 1448 + 164, 36 + 2 * 1448 + 164 + 24, 36 + 2 * 1448 + 164 + 24 + 1548};
            for (int i = 0; i < 4; i++) {
                assertThat(ends.get(i)).isBetween(lastOctets[i], lastOctets[i] + portion - 1);
            }
            assertThat(desk.opcodes())
                    .containsExactly("SEND", "RDMA_WRITE", "RDMA_WRITE", "RDMA_WRITE", "SEND", "SEND", "SEND");
        }
    }

    /** More than is framed at a time, so that segments are cut while the transport stands in the middle of others. */
    @ParameterizedTest
    @ValueSource(ints = {999, 1448, 70_000})
    @Requirement("DDP-3-02")
    void aMessageIsCutTheSameWayHoweverTheTransportTakesIt(int portion) {
        int octets = 200_000;
        Desk desk = Desk.connected();
        TableEntry region = desk.region(octets, AccessFlag.LOCAL_WRITE);
        desk.bytes.allowance = 0;
        desk.write(1, region, octets);
        for (int taken = 0; taken < 2 * octets; taken += portion) {
            desk.allow(portion);
        }
        assertThat(desk.sendCompletions()).containsExactly("1 SUCCESS");
        List<Peer.Frame> frames = desk.frames();
        int full = 1428;
        for (int i = 0; i < frames.size() - 1; i++) {
            assertThat(frames.get(i).payload()).hasSize(full);
        }
        assertThat(frames).hasSize((octets + full - 1) / full);
    }

    @Test
    void segmentsCarryTheirPlaceAndTheirOctets() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(8000, AccessFlag.LOCAL_WRITE);
        desk.write(1, region, 4000);
        desk.send(2, region, 4000);
        int place = 0;
        for (Peer.Frame frame : desk.frames()) {
            boolean write = frame.opcode() == RdmapOpcode.RDMA_WRITE;
            assertThat(write ? frame.address() - 0x100000 : frame.offset()).isEqualTo(place);
            assertThat(ByteBuffer.wrap(frame.payload()))
                    .isEqualTo(Peer.pattern(8000).slice(place, frame.payload().length));
            place += frame.payload().length;
            assertThat(frame.last()).isEqualTo(place == 4000);
            place %= 4000;
        }
    }

    @Test
    void aFencedSendAndAllBehindItWaitForTheReads() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.read(1, region, 8);
        desk.fencedSend(2, region, 4);
        desk.send(3, region, 4);
        assertThat(desk.opcodes()).containsExactly("READ_REQUEST");
        desk.arrive(Peer.readResponse(region.stag(), region.startAddress(), true, 8));
        assertThat(desk.opcodes()).containsExactly("READ_REQUEST", "SEND", "SEND");
        assertThat(desk.sendCompletions()).containsExactly("1 SUCCESS", "2 SUCCESS", "3 SUCCESS");
    }

    @Test
    void aSendBehindAReadGoesOutAtOnceAndCompletesAfterIt() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.read(1, region, 8);
        desk.send(2, region, 4);
        assertThat(desk.opcodes()).containsExactly("READ_REQUEST", "SEND");
        assertThat(desk.sendCompletions()).isEmpty();
        desk.arrive(Peer.readResponse(region.stag(), region.startAddress(), true, 8));
        assertThat(desk.sendCompletions()).containsExactly("1 SUCCESS", "2 SUCCESS");
    }

    @Test
    @Requirement({"SEC-6.4.3.3-02", "RDMAP-6.1-03"})
    void noMoreReadsThanOrdAreOutstanding() {
        Desk desk = new Desk();
        desk.ord = 2;
        desk.connect();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        for (int id = 1; id <= 5; id++) {
            desk.read(id, region, 8);
        }
        desk.send(6, region, 1);
        assertThat(desk.opcodes()).containsExactly("READ_REQUEST", "READ_REQUEST");
        for (int answered = 1; answered <= 3; answered++) {
            desk.arrive(Peer.readResponse(region.stag(), region.startAddress(), true, 8));
            assertThat(desk.stream.ownReads()).isEqualTo(2);
        }
        desk.arrive(Peer.readResponse(region.stag(), region.startAddress(), true, 8));
        desk.arrive(Peer.readResponse(region.stag(), region.startAddress(), true, 8));
        assertThat(desk.sendCompletions()).hasSize(6);
        List<Peer.Frame> frames = desk.frames();
        for (int i = 0; i < 5; i++) {
            assertThat(frames.get(i).sequence()).isEqualTo(i + 1);
        }
    }

    @Test
    void responsesAndRequestsTakeTurns() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ);
        desk.bytes.allowance = 0;
        // The first message fills the transport, so that all others wait together.
        desk.send(1, region, 1);
        for (int i = 2; i <= 4; i++) {
            desk.send(i, region, 1);
        }
        for (int i = 1; i <= 3; i++) {
            desk.arrive(Peer.readRequest(i, region.stag(), region.startAddress(), 4));
        }
        desk.allow(Long.MAX_VALUE);
        assertThat(desk.opcodes().subList(1, 7))
                .containsExactlyInAnyOrder("SEND", "SEND", "SEND", "READ_RESPONSE", "READ_RESPONSE", "READ_RESPONSE");
        for (int i = 1; i < 6; i++) {
            assertThat(desk.opcodes().get(i)).isNotEqualTo(desk.opcodes().get(i + 1));
        }
        assertThat(desk.stream.peerReads()).isZero();
    }

    @Test
    void aResponderIsSilentUntilThePeersFirstFpduWasGood() {
        Desk desk = Desk.responder();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
        desk.send(1, region, 4);
        assertThat(desk.bytes.taken).isZero();
        byte[] first = Peer.write(region.stag(), region.startAddress(), 40);
        desk.arrive(Arrays.copyOf(first, first.length - 1));
        assertThat(desk.bytes.taken).isZero();
        assertThat(desk.firstSegments).isZero();
        desk.arrive(new byte[] {first[first.length - 1]});
        assertThat(desk.opcodes()).containsExactly("SEND");
        assertThat(desk.firstSegments).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void theReadyToReceiveMessageGoesFirst(RtrKind kind) {
        Desk desk = new Desk();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.send(1, region, 4);
        desk.opening = kind;
        desk.connect();
        assertThat(desk.opcodes()).hasSize(2).endsWith("SEND");
        assertThat(desk.frames().get(0).payload()).hasSize(kind == RtrKind.READ ? 28 : 0);
        assertThat(desk.frames().get(1).sequence()).isEqualTo(kind == RtrKind.SEND ? 2 : 1);
        if (kind == RtrKind.READ) {
            assertThat(desk.stream.ownReads()).isEqualTo(1);
            desk.arrive(Peer.readResponse(0, 0, true, 0));
            assertThat(desk.stream.ownReads()).isZero();
        }
        assertThat(desk.sendCompletions()).containsExactly("1 SUCCESS");
    }

    @Test
    void anInitiatorCanHoldItsFirstMessageBack() {
        Desk desk = new Desk();
        desk.delayNs = 1000;
        desk.connect();
        desk.send(1, desk.region(100, AccessFlag.LOCAL_WRITE), 4);
        desk.loop.advance(999);
        assertThat(desk.bytes.taken).isZero();
        desk.loop.advance(1);
        assertThat(desk.opcodes()).containsExactly("SEND");
    }

    // ---- Terminate ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1447, 1448, 1449, 2000, 4000})
    @Requirement({"DDP-3-08", "RDMAP-5.4-09"})
    void aTerminateComesAtASegmentBoundaryAndLast(int before) {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(50_000, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ);
        desk.bytes.allowance = before;
        desk.write(1, region, 50_000);
        desk.send(2, region, 10);
        desk.arrive(Peer.readRequest(1, region.stag(), region.startAddress(), 100));
        // Nobody has granted this.
        desk.arrive(Peer.write(0x123400, 0, 10));
        desk.allow(Long.MAX_VALUE);
        List<String> opcodes = desk.opcodes();
        assertThat(opcodes).endsWith("TERMINATE");
        assertThat(opcodes.subList(0, opcodes.size() - 1)).containsOnly("RDMA_WRITE");
        assertThat(desk.frames().stream().limit(opcodes.size() - 1)).noneMatch(Peer.Frame::last);
        assertThat(desk.lastFrame().triple()).isEqualTo("1/1/00");
        assertThat(desk.bytes.finSent).isTrue();
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.REMOTE_PROTECTION);
        assertThat(desk.completions()).isEmpty();
        desk.arriveFin();
        assertThat(desk.completions()).containsExactly("1 FLUSHED", "2 FLUSHED");
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.ERROR);
        assertThat(desk.loop.timers()).isZero();
    }

    /** Behind a request that failed a Response was still begun, and went out before the Terminate. */
    @Test
    void nothingIsBegunBehindARequestThatFailed() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(50_000, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ);
        TableEntry other = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.bytes.allowance = 0;
        desk.write(1, region, 100);
        // The Response takes its turn before or behind the bad Write; either way it must not come behind it.
        desk.write(2, other, 100);
        desk.write(3, other, 100);
        desk.memory.deregister(other);
        desk.arrive(Peer.readRequest(1, region.stag(), region.startAddress(), 100));
        desk.arrive(Peer.readRequest(2, region.stag(), region.startAddress(), 100));
        desk.allow(Long.MAX_VALUE);
        List<String> opcodes = desk.opcodes();
        assertThat(opcodes).endsWith("TERMINATE");
        assertThat(opcodes.stream().filter("READ_RESPONSE"::equals).count()).isLessThanOrEqualTo(1);
        assertThat(desk.lastFrame().triple()).isEqualTo("0/0/00");
        desk.arriveFin();
        assertThat(desk.sendCompletions()).containsExactly("1 SUCCESS", "2 LOCAL_INVALID_STAG", "3 FLUSHED");
    }

    /** Behind a Response whose source was gone a request was still begun. */
    @Test
    void nothingIsBegunBehindAResponseThatCannotBeMade() {
        for (int sends = 0; sends < 4; sends++) {
            Desk desk = Desk.connected();
            TableEntry source = desk.region(100, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ);
            TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
            desk.bytes.allowance = 0;
            desk.send(1, region, 10);
            desk.arrive(Peer.readRequest(1, source.stag(), source.startAddress(), 100));
            desk.memory.deregister(source);
            for (int id = 2; id < 2 + sends; id++) {
                desk.send(id, region, 10);
            }
            desk.allow(Long.MAX_VALUE);
            List<String> opcodes = desk.opcodes();
            assertThat(opcodes).endsWith("TERMINATE").hasSizeLessThanOrEqualTo(3);
            assertThat(desk.lastFrame().triple()).isEqualTo("0/1/00");
            ReadRequestHeader returned = desk.lastFrame().returnedReadRequest();
            assertThat(returned.sourceTaggedOffset()).isEqualTo(source.startAddress());
            assertThat(returned.readSize()).isEqualTo(100);
        }
    }

    // ---- memory that goes away while it is sent ----

    @Test
    void aWriteWhoseMemoryGoesAwayBetweenFpdusEndsWithATerminate() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(8000, AccessFlag.LOCAL_WRITE);
        desk.bytes.allowance = 0;
        desk.write(1, region, 4000);
        desk.memory.deregister(region);
        desk.allow(Long.MAX_VALUE);
        assertThat(desk.opcodes()).containsExactly("TERMINATE");
        assertThat(desk.lastFrame().triple()).isEqualTo("0/0/00");
        desk.arriveFin();
        assertThat(desk.completions()).containsExactly("1 LOCAL_INVALID_STAG");
        assertThat(desk.events).isEmpty();
    }

    /** The Write whose memory had gone was flushed instead of failing, and an event blamed the peer. */
    @Test
    void aWriteWhoseMemoryGoesAwayInsideAnFpduEndsWithAReset() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(8000, AccessFlag.LOCAL_WRITE);
        desk.bytes.allowance = 700;
        desk.write(1, region, 4000);
        desk.send(2, desk.region(10), 10);
        desk.memory.deregister(region);
        desk.allow(Long.MAX_VALUE);
        assertThat(desk.bytes.reset).isTrue();
        assertThat(desk.bytes.taken).isEqualTo(700);
        assertThat(desk.completions()).containsExactly("1 LOCAL_INVALID_STAG", "2 FLUSHED");
        assertThat(desk.events).isEmpty();
        assertThat(desk.engine.state()).isEqualTo(QueuePairState.ERROR);
    }

    /** The message being framed was blamed, whichever the memory belonged to that had gone. */
    @Test
    void theRequestFailsWhoseMemoryHasGoneNotTheOneBehindIt() {
        Desk desk = Desk.connected();
        TableEntry gone = desk.region(8000, AccessFlag.LOCAL_WRITE);
        TableEntry stays = desk.region(60_000, AccessFlag.LOCAL_WRITE);
        desk.bytes.allowance = 0;
        desk.send(1, stays, 10);
        desk.allow(10);
        desk.write(2, gone, 1400);
        desk.write(3, stays, 60_000);
        desk.memory.deregister(gone);
        desk.allow(Long.MAX_VALUE);
        desk.arriveFin();
        assertThat(desk.completions()).containsExactly("1 SUCCESS", "2 LOCAL_INVALID_STAG", "3 FLUSHED");
        Desk other = Desk.connected();
        TableEntry goneLater = other.region(8000, AccessFlag.LOCAL_WRITE);
        TableEntry staysThere = other.region(60_000, AccessFlag.LOCAL_WRITE);

        other.bytes.allowance = 0;
        // Nothing is taken, so both Writes come into one round.
        for (int id = 1; id <= 2; id++) {
            TableEntry from = id == 1 ? goneLater : staysThere;
            other.engine.postSend(new SendRequest().write(1, 0).id(id).local(from.stag(), from.startAddress(), 2000));
        }
        other.engine.ring();
        other.loop.run();
        other.memory.deregister(goneLater);
        other.allow(Long.MAX_VALUE);
        other.arriveFin();
        assertThat(other.opcodes()).containsExactly("TERMINATE");
        assertThat(other.completions()).containsExactly("1 LOCAL_INVALID_STAG", "2 FLUSHED");
        assertThat(other.events).isEmpty();
    }

    /** The returned Read Request was advanced over octets that were framed but had not been sent. */
    @Test
    void aResponseWhoseSourceGoesAwayReturnsTheRequestAdvancedByWhatWasSent() {
        for (int segmentsSent = 0; segmentsSent < 3; segmentsSent++) {
            Desk desk = Desk.connected();
            TableEntry source = desk.region(200_000, AccessFlag.REMOTE_READ);
            desk.bytes.allowance = 0;
            desk.arrive(Peer.readRequest(1, source.stag(), source.startAddress(), 200_000));
            // One gather list at a time: let some go out whole before the memory goes.
            long before = -1;
            for (int i = 0; i < segmentsSent; i++) {
                before = desk.bytes.taken;
                desk.bytes.allowance = 1448L * 32;
                desk.bytes.full = false;
                desk.stream.onWritable();
            }
            assertThat(desk.bytes.taken).isGreaterThan(before);
            desk.memory.deregister(source);
            desk.allow(Long.MAX_VALUE);
            if (desk.bytes.reset) {
                continue;
            }
            long answered = desk.frames().stream()
                    .filter(frame -> frame.opcode() == RdmapOpcode.READ_RESPONSE)
                    .mapToLong(frame -> frame.payload().length)
                    .sum();
            assertThat(desk.lastFrame().triple()).isEqualTo("0/1/00");
            ReadRequestHeader returned = desk.lastFrame().returnedReadRequest();
            assertThat(returned.readSize()).isEqualTo(200_000 - answered);
            assertThat(returned.sourceTaggedOffset()).isEqualTo(source.startAddress() + answered);
            assertThat(returned.sinkTaggedOffset()).isEqualTo(0x1000 + answered);
        }
    }

    /** A Terminate that waited behind memory that had gone was never sent: only the close timer ended the stream. */
    @Test
    void aTerminateGoesOutThoughWhatIsBeforeItCannot() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(8000, AccessFlag.LOCAL_WRITE);
        desk.bytes.allowance = 0;
        desk.write(1, region, 4000);
        desk.arrive(Peer.write(0x123400, 0, 10));
        desk.memory.deregister(region);
        desk.allow(Long.MAX_VALUE);
        assertThat(desk.opcodes()).containsExactly("TERMINATE");
        assertThat(desk.lastFrame().triple()).isEqualTo("1/1/00");
        assertThat(desk.bytes.finSent).isTrue();
        assertThat(desk.events).hasSize(1);
        desk.arriveFin();
        assertThat(desk.completions()).containsExactly("1 FLUSHED");
    }

    @Test
    void manyMessagesFromTheSameLoopRunComeToRest() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(40_000, AccessFlag.LOCAL_WRITE);
        for (int id = 0; id < 200; id++) {
            desk.write(id, region, 40_000 / (1 + id));
            assertThat(desk.sendCompletions()).containsExactly(id + " SUCCESS");
            desk.bytes.forgetful = true;
        }
        assertThat(desk.stream.drained()).isTrue();
    }

    /**
     * The CRC of a Read Response was taken when it was framed, its octets left when the transport took them: whoever changed
     * the source in between, which is everybody's right, ended the connection with a bad CRC.
     */
    @Test
    void aReadOfMemoryThatChangesMeanwhileHasAGoodCrc() {
        Desk desk = Desk.connected();
        ByteBuffer memory = ByteBuffer.allocateDirect(20_000);
        TableEntry region = desk.region(memory, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ);
        desk.bytes.allowance = 10;
        desk.arrive(Peer.readRequest(1, region.stag(), region.startAddress(), 20_000));
        for (int i = 0; i < memory.capacity(); i++) {
            memory.put(i, (byte) 0x77);
        }
        desk.allow(Long.MAX_VALUE);
        assertThat(desk.opcodes()).isNotEmpty().containsOnly("READ_RESPONSE");
    }

    @Test
    @Requirement("RDMAP-5.5-12")
    void aResponseMayBeMadeAfterALaterWriteWasPlaced() {
        Desk desk = Desk.connected();
        TableEntry longSource = desk.region(200_000, AccessFlag.REMOTE_READ);
        ByteBuffer memory = ByteBuffer.allocateDirect(100);
        TableEntry region =
                desk.region(memory, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ, AccessFlag.REMOTE_WRITE);
        desk.bytes.allowance = 10;
        desk.arrive(Peer.readRequest(1, longSource.stag(), longSource.startAddress(), 200_000));
        desk.arrive(Peer.readRequest(2, region.stag(), region.startAddress(), 100));
        desk.arrive(Peer.write(region.stag(), region.startAddress(), 100));
        assertThat(memory).isEqualTo(Peer.pattern(100));
        desk.allow(Long.MAX_VALUE);
        assertThat(desk.lastFrame().opcode()).isEqualTo(RdmapOpcode.READ_RESPONSE);
        assertThat(ByteBuffer.wrap(desk.lastFrame().payload())).isEqualTo(Peer.pattern(100));
    }
}
