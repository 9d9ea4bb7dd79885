package io.verbena.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.ddp.wire.UntaggedHeader;
import io.verbena.memory.TableEntry;
import io.verbena.mpa.FpduDeframer.Placing;
import io.verbena.rdmap.wire.RdmapOpcode;
import io.verbena.rdmap.wire.ReturnedHeaders;
import io.verbena.rdmap.wire.TerminateMessage;
import io.verbena.rdmap.wire.TerminateReason;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What inbound messages do, and what is refused. */
class InboundMessagesTest {
    private static final AccessFlag[] ALL = AccessFlag.values();

    /** Hands one message to a fresh initiator with a Read of 40 octets outstanding and returns the Terminate's triple. */
    private static String refusal(Function<TableEntry, byte[]> message) {
        Desk desk = Desk.connected();
        ByteBuffer octets = ByteBuffer.allocateDirect(1000);
        TableEntry region = desk.region(octets, ALL);
        desk.read(1, region, 40);
        desk.receive(50, region, 100);
        desk.arrive(message.apply(region));
        if (desk.engine.state() == QueuePairState.RTS) {
            return "accepted";
        }
        for (int i = 0; i < 1000; i++) {
            assertThat(octets.get(i)).as("octet %d", i).isZero();
        }
        return desk.lastFrame().triple();
    }

    private static byte[] changed(ByteBuffer segment, int index, int octet) {
        return Peer.fpdu(segment.put(index, (byte) octet));
    }

    @Test
    @Requirement("RDMAP-4.4-06")
    void answersEveryBrokenRuleWithItsTriple() {
        assertThat(refusal(region -> changed(send(), 1, 0x83)))
                .as("RDMAP version")
                .isEqualTo("0/2/05");
        assertThat(refusal(region -> changed(send(), 1, 0x4F))).as("opcode").isEqualTo("0/2/06");
        assertThat(refusal(region -> changed(send(), 1, 0x48)))
                .as("Immediate Data of 4 octets")
                .isEqualTo("0/2/FF");
        assertThat(refusal(region -> changed(send(), 1, 0x40)))
                .as("untagged Write")
                .isEqualTo("1/0/00");
        assertThat(refusal(region -> changed(send(), 0, 0x40)))
                .as("DDP version")
                .isEqualTo("1/2/06");
        assertThat(refusal(region -> changed(send(), 9, 1)))
                .as("Send on queue 1")
                .isEqualTo("1/2/01");
        assertThat(refusal(region -> changed(send(), 9, 9))).as("queue 9").isEqualTo("1/2/01");
        assertThat(refusal(region -> Peer.send(2, 4))).as("MSN").isEqualTo("1/2/03");
        assertThat(refusal(region -> Peer.sendSegment(1, 4, true, 4))).as("MO").isEqualTo("1/2/04");
        assertThat(refusal(region -> Peer.send(1, 101))).as("too long").isEqualTo("1/2/05");
        assertThat(refusal(region -> Peer.fpdu(ByteBuffer.allocate(0))))
                .as("no header")
                .isEqualTo("1/0/00");
        assertThat(refusal(region -> Peer.write(0x4711, 0, 4))).as("STag").isEqualTo("1/1/00");
        assertThat(refusal(region -> Peer.write(region.stag() ^ 1, region.startAddress(), 4)))
                .as("stale STag")
                .isEqualTo("1/1/00");
        assertThat(refusal(region -> Peer.write(region.stag(), region.startAddress() + 997, 4)))
                .as("bounds")
                .isEqualTo("1/1/01");
        assertThat(refusal(region -> Peer.write(region.stag(), region.startAddress() - 1, 4)))
                .as("base")
                .isEqualTo("1/1/01");
        assertThat(refusal(region -> Peer.write(region.stag(), -3, 4)))
                .as("wrap")
                .isEqualTo("1/1/03");
        assertThat(refusal(region -> Peer.readRequest(1, 0x4711, 0, 4)))
                .as("source")
                .isEqualTo("0/1/00");
        assertThat(refusal(region -> Peer.readRequest(2, region.stag(), region.startAddress(), 4)))
                .as("Read MSN")
                .isEqualTo("1/2/03");
        assertThat(refusal(region -> Peer.readRequest(1, region.stag(), region.startAddress(), 0xFFFF_FFFFL)))
                .as("source bounds")
                .isEqualTo("0/1/01");
        assertThat(refusal(region -> Peer.readRequest(1, region.stag(), -3, 4)))
                .as("source wrap")
                .isEqualTo("0/1/04");
        assertThat(refusal(region -> Peer.sendInvalidate(1, 0, 0x4711)))
                .as("Invalidate of nothing")
                .isEqualTo("0/2/09");
        assertThat(refusal(region -> Peer.sendInvalidate(1, 0, region.stag() ^ 1)))
                .as("Invalidate of a stale STag")
                .isEqualTo("0/1/09");
    }

    private static ByteBuffer send() {
        return Peer.untagged(RdmapOpcode.SEND, 1, 0, true, 0, Peer.pattern(4));
    }

    @Test
    void refusesReadResponsesThatDoNotContinueTheOldestRead() {
        assertThat(refusal(region -> Peer.readResponse(region.stag(), region.startAddress() + 1, false, 4)))
                .isEqualTo("1/1/01");
        assertThat(refusal(region -> Peer.readResponse(region.stag(), region.startAddress(), true, 41)))
                .isEqualTo("1/1/01");
        assertThat(refusal(region -> Peer.readResponse(region.stag(), region.startAddress(), false, 40)))
                .isEqualTo("1/1/01");
        assertThat(refusal(region -> Peer.readResponse(region.stag(), region.startAddress(), true, 39)))
                .isEqualTo("1/1/01");
        assertThat(refusal(region -> Peer.readResponse(region.stag(), region.startAddress(), true, 0)))
                .isEqualTo("1/1/01");
        assertThat(refusal(region -> Peer.readResponse(region.stag() ^ 1, region.startAddress(), false, 4)))
                .isEqualTo("1/1/00");
    }

    @Test
    void refusesAReadResponseNobodyAskedFor() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, ALL);
        desk.arrive(Peer.readResponse(region.stag(), region.startAddress(), true, 4));
        assertThat(desk.lastFrame().triple()).isEqualTo("1/1/00");
        Desk zero = Desk.connected();
        zero.arrive(Peer.readResponse(0, 0, true, 0));
        assertThat(zero.lastFrame().triple()).isEqualTo("1/1/00");
    }

    @Test
    void aSendWithoutAReceiveEndsTheStream() {
        for (int octets : new int[] {0, 10}) {
            Desk desk = Desk.connected();
            desk.arrive(Peer.send(1, octets));
            assertThat(desk.lastFrame().triple()).isEqualTo("1/2/02");
            assertThat(desk.events).containsExactly(AsyncEvent.Kind.RECEIVE_QUEUE);
        }
    }

    @Test
    void aReadBeyondIrdEndsTheStream() {
        Desk desk = new Desk();
        desk.ird = 2;
        desk.connect();
        TableEntry region = desk.region(100, ALL);
        desk.bytes.allowance = 0;
        for (int sequence = 1; sequence <= 3; sequence++) {
            desk.arrive(Peer.readRequest(sequence, region.stag(), region.startAddress(), 4));
        }
        desk.allow(Long.MAX_VALUE);
        assertThat(desk.lastFrame().triple()).isEqualTo("1/2/03");
        assertThat(desk.events).containsExactly(AsyncEvent.Kind.RECEIVE_QUEUE);
    }

    @Test
    void rightsAndDomainsAreChecked() {
        Desk desk = Desk.connected();
        TableEntry readable = desk.region(100, AccessFlag.REMOTE_READ);
        desk.arrive(Peer.write(readable.stag(), readable.startAddress(), 4));
        assertThat(desk.lastFrame().triple()).isEqualTo("1/1/02");
        Desk other = Desk.connected();
        TableEntry writable = other.region(100, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE);
        other.arrive(Peer.readRequest(1, writable.stag(), writable.startAddress(), 4));
        assertThat(other.lastFrame().triple()).isEqualTo("0/1/02");
        assertThat(other.lastFrame().returnedReadRequest().sourceStag()).isEqualTo(writable.stag());
        Desk third = Desk.connected();
        TableEntry foreign = third.memory.register(
                Desk.DOMAIN + 1, List.of(ByteBuffer.allocateDirect(100)), RegionOptions.access(ALL));
        third.arrive(Peer.write(foreign.stag(), foreign.startAddress(), 4));
        assertThat(third.lastFrame().triple()).isEqualTo("1/1/02");
    }

    /** The headers of a Read Request came back with a segment behind it that was too short to have any. */
    @Test
    void aSegmentTooShortForItsHeaderBringsNothingBack() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, ALL);
        desk.arrive(
                Peer.readRequest(1, region.stag(), region.startAddress(), 4),
                Peer.fpdu(ByteBuffer.wrap(new byte[] {0x41, 0x41, 0, 0})));
        assertThat(desk.lastFrame().triple()).isEqualTo("1/0/00");
        assertThat(desk.lastFrame().terminate().hasDdpHeader()).isFalse();
    }

    @Test
    void receivesAreUsedInTheirOrder() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(1000, ALL);
        for (int id = 1; id <= 4; id++) {
            desk.receive(id, region, 100);
        }
        desk.arrive(Peer.send(1, 0), Peer.sendSegment(2, 0, false, 60), Peer.sendSegment(2, 60, true, 40));
        desk.arrive(Peer.send(3, 99));
        List<WorkCompletion> completions = Desk.copies(desk.receives);
        assertThat(completions).extracting(WorkCompletion::id).containsExactly(1L, 2L, 3L);
        assertThat(completions).extracting(WorkCompletion::lengthOctets).containsExactly(0L, 100L, 99L);
    }

    @ParameterizedTest
    @EnumSource
    void aMessageScattersOverTheElementsOfItsReceive(Placing placing) {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            Desk desk = new Desk();
            desk.placing = placing;
            desk.crc = random.nextInt(3) > 0;
            desk.connect();
            ByteBuffer first = ByteBuffer.allocateDirect(5000);
            ByteBuffer second = ByteBuffer.allocate(60_000);
            TableEntry one = desk.region(first, ALL);
            TableEntry two = desk.region(second, ALL);
            int split = 1 + random.nextInt(4000);
            int octets = split + random.nextInt(50_000);
            desk.engine.postReceive(new ReceiveRequest()
                    .receive(7)
                    .local(one.stag(), one.startAddress() + 500, split)
                    .local(0, 0, 0)
                    .local(two.stag(), two.startAddress() + 9, 59_000));
            byte[] fpdu = Peer.send(1, octets);
            int at = 0;
            while (at < fpdu.length) {
                int end = Math.min(fpdu.length, at + 1 + random.nextInt(20_000));
                desk.arrive(Arrays.copyOfRange(fpdu, at, end));
                at = end;
            }
            assertThat(desk.completions()).containsExactly("7 SUCCESS");
            ByteBuffer expected = Peer.pattern(octets);
            assertThat(first.slice(500, split)).isEqualTo(expected.slice(0, split));
            assertThat(second.slice(9, octets - split)).isEqualTo(expected.slice(split, octets - split));
            assertThat(first.get(499)).isZero();
            assertThat(first.get(500 + split)).isZero();
            assertThat(second.get(8)).isZero();
            assertThat(second.get(9 + octets - split)).isZero();
        }
    }

    @Test
    void nothingIsPlacedOfAnFpduWithABadCrc() {
        Desk desk = Desk.connected();
        ByteBuffer octets = ByteBuffer.allocateDirect(1000);
        TableEntry region = desk.region(octets, ALL);
        byte[] damaged = Peer.write(region.stag(), region.startAddress(), 1000);
        damaged[damaged.length - 1] ^= 1;
        desk.arrive(damaged);
        for (int i = 0; i < 1000; i++) {
            assertThat(octets.get(i)).isZero();
        }
    }

    @Test
    void aReceiveWithoutTheRightFailsByItself() {
        Desk desk = Desk.connected();
        TableEntry readOnly = desk.region(100, AccessFlag.REMOTE_READ);
        desk.receive(1, readOnly, 100);
        desk.receive(2, readOnly, 100);
        desk.arrive(Peer.send(1, 10));
        assertThat(desk.lastFrame().triple()).isEqualTo("0/0/00");
        desk.arriveFin();
        assertThat(desk.completions()).containsExactly("1 LOCAL_ACCESS", "2 FLUSHED");
        assertThat(desk.events).isEmpty();
    }

    /** At a responder that had not been spoken to before, the receives behind it were flushed first. */
    @Test
    void aReceiveThatFailsWithTheFirstMessageComesBeforeThoseBehindIt() {
        Desk desk = Desk.responder();
        TableEntry readOnly = desk.region(100, AccessFlag.REMOTE_READ);
        desk.receive(1, readOnly, 100);
        desk.receive(2, readOnly, 100);
        desk.arrive(Peer.send(1, 10));
        desk.arriveFin();
        assertThat(desk.completions()).containsExactly("1 LOCAL_ACCESS", "2 FLUSHED");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void memoryThatGoesAwayWhileAMessageArrivesIsNotWrittenAnyMore(boolean write) {
        for (Placing placing : Placing.values()) {
            Desk desk = new Desk();
            desk.placing = placing;
            desk.connect();
            ByteBuffer octets = ByteBuffer.allocateDirect(4000);
            TableEntry region = desk.region(octets, ALL);
            desk.receive(1, region, 4000);
            byte[] fpdu = write ? Peer.write(region.stag(), region.startAddress(), 4000) : Peer.send(1, 4000);
            desk.arrive(Arrays.copyOf(fpdu, 2000));
            desk.memory.deregister(region);
            ByteBuffer before = ByteBuffer.allocate(4000).put(0, octets, 0, 4000);
            desk.arrive(Arrays.copyOfRange(fpdu, 2000, fpdu.length));
            assertThat(octets).isEqualTo(before);
            desk.arriveFin();
            assertThat(desk.completions()).containsExactly(write ? "1 FLUSHED" : "1 LOCAL_INVALID_STAG");
            assertThat(desk.engine.state()).isEqualTo(QueuePairState.ERROR);
        }
    }

    @Test
    void anInvalidatedStagAdmitsNothingMore() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, ALL);
        TableEntry buffer = desk.region(100, ALL);
        desk.receive(1, buffer, 10);
        desk.arrive(
                Peer.write(region.stag(), region.startAddress(), 4),
                Peer.sendInvalidate(1, 4, region.stag()),
                Peer.write(region.stag(), region.startAddress(), 4));
        assertThat(desk.completions()).containsExactly("1 SUCCESS");
        assertThat(desk.lastFrame().triple()).isEqualTo("1/1/00");
    }

    @Test
    void aReadWithLocalInvalidateInvalidatesItsSinkBeforeItCompletes() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.readInvalidating(1, region, 8);
        desk.arrive(
                Peer.readResponse(region.stag(), region.startAddress(), false, 4),
                Peer.readResponse(region.stag(), region.startAddress() + 4, true, 4));
        assertThat(desk.completions()).containsExactly("1 SUCCESS");
        assertThat(region.valid()).isFalse();
    }

    @Test
    void theSinkOfAReadThatGoesAwayFailsTheRead() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.read(1, region, 8);
        desk.read(2, region, 8);
        desk.memory.deregister(region);
        desk.arrive(Peer.readResponse(region.stag(), region.startAddress(), true, 8));
        desk.arriveFin();
        assertThat(desk.completions()).containsExactly("1 LOCAL_INVALID_STAG", "2 FLUSHED");
    }

    @Test
    void aTerminateThatNamesAReadFailsThatRead() {
        Desk desk = Desk.connected();
        TableEntry region = desk.region(100, AccessFlag.LOCAL_WRITE);
        desk.read(1, region, 8);
        desk.readInvalidating(2, desk.region(100, AccessFlag.LOCAL_WRITE), 8);
        ByteBuffer request = Peer.untagged(
                RdmapOpcode.READ_REQUEST,
                1,
                0,
                true,
                0,
                ByteBuffer.wrap(desk.frames().get(0).payload()));
        ByteBuffer message = ByteBuffer.allocate(TerminateMessage.MAX_OCTETS);
        int length = TerminateMessage.encode(
                message,
                0,
                TerminateReason.RDMAP_PROTECTION_INVALID_STAG,
                ReturnedHeaders.DDP_AND_RDMAP,
                request,
                0,
                request.capacity());
        desk.arrive(Peer.fpdu(Peer.untagged(RdmapOpcode.TERMINATE, 1, 0, true, 0, message.slice(0, length))));
        desk.arriveFin();
        assertThat(desk.completions()).containsExactly("1 REMOTE_ACCESS", "2 FLUSHED");
    }

    /** A Terminate may be cut off anywhere or lie about its headers: it is a Terminate all the same. */
    @Test
    void everyTerminateEndsTheStreamQuietly() {
        for (int length = 0; length <= 52; length++) {
            for (int headerControl : new int[] {0, 0xE0, 0x07, 0xFF}) {
                Desk desk = Desk.connected();
                ByteBuffer message = ByteBuffer.allocate(length);
                for (int i = 0; i < length; i++) {
                    message.put(i, (byte) (i == 2 ? headerControl : 0x81));
                }
                desk.arrive(Peer.fpdu(Peer.untagged(RdmapOpcode.TERMINATE, 1, 0, true, 0, message)));
                assertThat(desk.events).containsExactly(AsyncEvent.Kind.TERMINATE_RECEIVED);
                assertThat(desk.bytes.taken).isZero();
            }
        }
    }

    /** Random segments with a good CRC: a Terminate or none, no exception, nothing outside the granted range. */
    @Test
    void randomSegmentsNeverGetOutOfTheirRange() {
        for (int seed = 0; seed < 1500; seed++) {
            Random random = new Random(seed);
            Desk desk = Desk.connected();
            ByteBuffer octets = ByteBuffer.allocateDirect(300);
            TableEntry region = desk.region(octets.slice(100, 100), ALL);
            desk.receive(1, region, 100);
            desk.read(2, region, 50);
            ByteBuffer segment = ByteBuffer.allocate(random.nextInt(120));
            random.nextBytes(segment.array());
            if (segment.capacity() > UntaggedHeader.OCTETS) {
                segment.put(0, (byte) (segment.get(0) & 0xC0 | 1)).put(1, (byte) (0x40 | random.nextInt(13)));
                if (random.nextBoolean()) {
                    segment.putInt(2, region.stag());
                    segment.putLong(6, region.startAddress() + random.nextInt(130) - 10);
                }
                if (random.nextInt(3) == 0) {
                    segment.putInt(6, random.nextInt(4)).putInt(10, 1).putInt(14, 0);
                }
            }
            desk.arrive(Peer.fpdu(segment));
            desk.arriveFin();
            for (int i = 0; i < 100; i++) {
                assertThat(octets.get(i)).isZero();
                assertThat(octets.get(200 + i)).isZero();
            }
            assertThat(desk.events).hasSizeLessThanOrEqualTo(2);
        }
    }
}
