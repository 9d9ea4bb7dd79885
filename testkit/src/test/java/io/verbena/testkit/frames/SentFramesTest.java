package io.verbena.testkit.frames;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawFault;
import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PostResult;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendBatch;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletionStatus;
import io.verbena.verbs.cm.ConnectionParameters;
import io.verbena.verbs.cm.SocketOptions;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every octet of every message that a device sends; markers, pad and CRC are insisted on by the raw peer itself. */
@Tag("tcp")
@Timeout(30)
class SentFramesTest {
    private static final int SEGMENT_OCTETS = 1460;

    /** What decision 11 gives for loopback. */
    private static final int LOOPBACK_SEGMENT_OCTETS = 65_483;

    private final SendRequest request = new SendRequest();

    static Stream<Arguments> shapes() {
        return Stream.of(true, false)
                .flatMap(crc -> Stream.of(true, false)
                        .flatMap(markers -> Stream.of(0, SEGMENT_OCTETS, SEGMENT_OCTETS + 3, 128, 65_535)
                                .map(segment -> Arguments.of(crc, markers, segment))));
    }

    private static RawPartner partner(boolean crc, boolean markers, int segmentOctets) {
        ConnectionParameters parameters = ConnectionParameters.defaults()
                .withCrc(crc)
                .withSocket(SocketOptions.defaults().withSegmentOctets(segmentOctets));
        return new RawPartner(
                parameters, RawStartup.reply().withDepths(16, 16).withCrc(crc).withMarkers(markers));
    }

    /** RFC 5044 section 4.5 in its own words, bounded as section 3 says. */
    private static int mulpdu(boolean markers, int emss) {
        int room = emss - (6 + (markers ? 4 * ((emss + 511) / 512) : 0) + emss % 4);
        return Math.min(64_768, Math.max(128, room));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    @Requirement({
        "MPA-4.1-01",
        "MPA-4.1-03",
        "MPA-4.1-05",
        "MPA-4.1-06",
        "MPA-4.2-01",
        "MPA-4.2-02",
        "MPA-4.2-04",
        "MPA-4.3-01",
        "MPA-4.3-02",
        "MPA-4.3-03",
        "MPA-4.3-08",
        "MPA-4.3-10",
        "MPA-4.3-11",
        "MPA-4.5-01",
        "MPA-4.5-02",
        "MPA-4.5-05",
        "MPA-3-01",
        "MPA-3-03",
        "DDP-4.1-03",
        "DDP-4.1-04",
        "DDP-4.1-08",
        "DDP-4.1-10",
        "DDP-4.2-01",
        "DDP-4.2-06",
        "DDP-4.2-08",
        "DDP-5.2-01",
        "DDP-5.2-07",
        "DDP-5.3-02",
        "RDMAP-4.1-04",
        "RDMAP-4.1-07",
        "RDMAP-5.1-01",
        "MPA-7.1.1-05",
        "MPA-7.1.1-06",
        "MPA-3-02",
        "MPA-3-04",
        "MPA-3-05",
        "MPA-4.5-07",
        "MPA-4.5-08",
        "MPA-5.1-01",
        "MPA-4.4-10",
        "DDP-3-01",
        "DDP-4.2-02",
        "DDP-4.2-04",
        "DDP-4.4-01",
        "DDP-5.2-06",
        "RDMAP-3.1-01",
        "RDMAP-4.1-01",
        "RDMAP-4.1-02",
        "RDMAP-5.1-04",
        "RDMAP-5.1-08",
        "MPA-4.3-06",
        "MPA-4.3-05",
        "MPA-4.3-14",
        "MPA-4.4-12",
        "DDP-4.1-11"
    })
    void cutsAWriteIntoFullSegments(boolean crc, boolean markers, int segmentOctets) {
        int length = 100_003;
        try (RawPartner partner = partner(crc, markers, segmentOctets)) {
            int mulpdu = partner.end().connection().agreement().mulpduOctets();
            assertThat(mulpdu).isEqualTo(mulpdu(markers, segmentOctets == 0 ? LOOPBACK_SEGMENT_OCTETS : segmentOctets));
            MemoryRegion source = partner.end().register(ByteBuffer.wrap(HexVectors.pattern(length)));
            partner.end()
                    .queuePair()
                    .postSend(request.write(0x1234_5678, 0xFFFF_FFFFL).local(source, 0, length))
                    .orThrow();
            ByteBuffer arrived = ByteBuffer.allocate(length);
            while (arrived.hasRemaining()) {
                RawSegment segment = partner.peer().expectFpdu();
                int octets = Math.min(mulpdu - 14, arrived.remaining());
                boolean last = octets == arrived.remaining();
                assertThat(segment.ddpControl()).isEqualTo(last ? 0xC1 : 0x81);
                assertThat(segment.rdmapControl()).isEqualTo(0x40);
                assertThat(segment.stag()).isEqualTo(0x1234_5678);
                assertThat(segment.offset()).isEqualTo(0xFFFF_FFFFL + arrived.position());
                assertThat(segment.payload()).hasSize(octets);
                arrived.put(segment.payload());
            }
            assertThat(arrived.array()).isEqualTo(HexVectors.pattern(length));
            partner.end().awaitSendSuccess();
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    @Requirement({
        "DDP-4.3-01",
        "DDP-4.3-04",
        "DDP-4.3-06",
        "DDP-4.3-07",
        "DDP-4.3-08",
        "DDP-4.3-10",
        "DDP-4.3-11",
        "DDP-5.2-05",
        "DDP-4.1-05",
        "DDP-4.1-06",
        "DDP-5.3-01",
        "RDMAP-5.3-01",
        "RDMAP-5.3-08",
        "RDMAP-5.3-09",
        "RDMAP-4.1-03",
        "RDMAP-4.1-08",
        "RDMAP-4.1-10",
        "RDMAP-3.1-02",
        "DDP-4.3-02",
        "DDP-4.4-01",
        "RDMAP-3.1-01",
        "RDMAP-4.1-01",
        "RDMAP-4.1-06",
        "RDMAP-5.3-12",
    })
    void numbersSendsAndTheirSegments(boolean crc, boolean markers, int segmentOctets) {
        // More than 16 bits of offset.
        int length = 70_001;
        try (RawPartner partner = partner(crc, markers, segmentOctets)) {
            int mulpdu = partner.end().connection().agreement().mulpduOctets();
            MemoryRegion source = partner.end().register(ByteBuffer.wrap(HexVectors.pattern(length)));
            var queuePair = partner.end().queuePair();
            queuePair.postSend(request.send().local(source, 0, length)).orThrow();
            queuePair.postSend(request.sendSolicited().local(source, 0, length)).orThrow();
            queuePair
                    .postSend(request.sendInvalidate(0x0A0B_0C0D).local(source, 0, length))
                    .orThrow();
            queuePair
                    .postSend(request.sendSolicitedInvalidate(0x0A0B_0C0D).local(source, 0, length))
                    .orThrow();
            queuePair.postSend(request.send()).orThrow();
            int[] opcodes = {3, 5, 4, 6, 3};
            for (int message = 0; message < 5; message++) {
                int left = message == 4 ? 0 : length;
                int offset = 0;
                boolean last;
                do {
                    RawSegment segment = partner.peer().expectFpdu();
                    int octets = Math.min(mulpdu - 18, left);
                    last = octets == left;
                    assertThat(segment.ddpControl()).isEqualTo(last ? 0x41 : 0x01);
                    assertThat(segment.rdmapControl()).isEqualTo(0x40 | opcodes[message]);
                    assertThat(segment.stag()).isEqualTo(message == 2 || message == 3 ? 0x0A0B_0C0D : 0);
                    assertThat(segment.queue()).isZero();
                    assertThat(segment.msn()).isEqualTo(message + 1);
                    assertThat(segment.offset()).isEqualTo(offset);
                    assertThat(segment.payload()).hasSize(octets);
                    offset += octets;
                    left -= octets;
                } while (!last);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 255, 508})
    @Requirement({"MPA-4.3-09", "MPA-7.1.2-19", "MPA-7.1.1-07", "MPA-7.1.1-19"})
    void countsMarkersFromTheEndOfTheStartupFrame(int privateDataOctets) {
        byte[] privateData = HexVectors.pattern(privateDataOctets);
        try (RawPartner partner = new RawPartner(
                ConnectionParameters.defaults().withPrivateData(privateData),
                RawStartup.reply().withDepths(16, 16).withMarkers(true).withPrivateData(privateData))) {
            MemoryRegion source = partner.end().register(2_000);
            for (int i = 0; i < 5; i++) {
                partner.end()
                        .queuePair()
                        .postSend(request.write(1, 0).local(source, 0, 2_000))
                        .orThrow();
                assertThat(partner.peer().expectFpdu().payload()).hasSize(2_000);
            }
        }
    }

    @Test
    @Requirement({
        "RDMAP-4.4-01",
        "RDMAP-5.2.1-01",
        "RDMAP-5.2.1-06",
        "RDMAP-5.2.1-07",
        "RDMAP-4.2-01",
        "RDMAP-5.2.2-02",
        "RDMAP-5.2.2-01",
        "RDMAP-3.1-04",
        "RDMAP-4.1-06",
        "RDMAP-5.2.1-09",
        "RDMAP-5.5-22"
    })
    void asksForAReadAndTakesItsAnswer() {
        try (RawPartner partner = partner(true, true, SEGMENT_OCTETS)) {
            MemoryRegion sink = partner.end().register(1000);
            for (int i = 0; i < 3; i++) {
                partner.end()
                        .queuePair()
                        .postSend(request.read(0x5555, 0x1_0000_0000L + i).local(sink, 10, 900))
                        .orThrow();
            }
            for (int i = 0; i < 3; i++) {
                RawSegment asked = partner.peer().expectFpdu();
                assertThat(asked.octets())
                        .isEqualTo(RawSegment.readRequest(
                                        i + 1, sink.stag(), sink.startAddress() + 10, 900, 0x5555, 0x1_0000_0000L + i)
                                .octets());
                partner.peer()
                        .sendFpdu(RawSegment.readResponse(sink.stag(), sink.startAddress() + 10, new byte[400])
                                .withoutLast());
                partner.peer().sendFpdu(RawSegment.readResponse(sink.stag(), sink.startAddress() + 410, new byte[500]));
                assertThat(partner.end().awaitSendSuccess().lengthOctets()).isEqualTo(900);
            }
        }
    }

    /** RFC 5041 section 3: a digest guards segments unless both ends have said that they do without. */
    @Test
    @Requirement("DDP-3-06")
    void insistsOnACrcUnlessToldNotTo() {
        try (RawPartner partner = new RawPartner(
                ConnectionParameters.defaults(),
                RawStartup.reply().withDepths(16, 16).withCrc(false))) {
            MemoryRegion source = partner.end().register(64);
            partner.end()
                    .queuePair()
                    .postSend(request.write(1, 0).local(source, 0, 64))
                    .orThrow();
            // The raw peer checks it, since the Request has asked for it.
            assertThat(partner.peer().expectFpdu().payload()).hasSize(64);
            partner.peer().sendFpdu(RawSegment.write(1, 0, new byte[0]), RawFault.CRC);
            partner.peer().expectTerminate(2, 0, 0x02);
        }
    }

    /** RFC 5041 section 6.2.1; the state is seen because the peer has not closed its half. */
    @Test
    @Requirement("DDP-6.2.1-02")
    void takesNoRequestsOnceItCloses() {
        try (RawPartner partner = partner(true, false, 0)) {
            QueuePair queuePair = partner.end().queuePair();
            queuePair.modify(QueuePairState.CLOSING);
            partner.peer().expectClose();
            assertThat(queuePair.state()).isEqualTo(QueuePairState.CLOSING);
            assertThat(queuePair.postSend(request.send())).isEqualTo(PostResult.WRONG_STATE);
            assertThat(queuePair.postReceive(new ReceiveRequest().receive(1))).isEqualTo(PostResult.WRONG_STATE);
            partner.peer().finish();
            partner.end().awaitState(QueuePairState.IDLE);
            assertThat(partner.end().sendCompletions().size()).isZero();
        }
    }

    @Test
    @Requirement({"MPA-3-06", "MPA-4.1-02", "MPA-4.1-05", "MPA-4.1-01"})
    void sendsSegmentsOfEverySizeUpToTheLargest() {
        try (RawPartner partner = partner(true, false, 65_535)) {
            int largest = 64_768 - 14;
            MemoryRegion source = partner.end().register(ByteBuffer.wrap(HexVectors.pattern(largest)));
            for (int octets : new int[] {0, 1, 2, 3, 4, 113, 114, 115, 32_767, largest - 1, largest}) {
                partner.end()
                        .queuePair()
                        .postSend(request.write(1, 0).local(source, 0, octets))
                        .orThrow();
                RawSegment segment = partner.peer().expectFpdu();
                assertThat(segment.last()).isTrue();
                assertThat(segment.payload()).isEqualTo(Arrays.copyOf(HexVectors.pattern(largest), octets));
                partner.end().awaitSendSuccess();
            }
        }
    }

    @Test
    @Requirement({
        "RDMAP-5.4-01",
        "RDMAP-5.4-02",
        "RDMAP-4.8-01",
        "RDMAP-4.8-02",
        "RDMAP-4.8-07",
        "RDMAP-4.8-11",
        "RDMAP-6.1-01",
        "RDMAP-6.2.1-03"
    })
    void sendsATerminateOnDemand() {
        try (RawPartner partner = partner(true, false, 0)) {
            partner.end().queuePair().modify(QueuePairState.TERMINATE);
            partner.peer().expectTerminate(0, 0, 0).returningNothing();
            partner.peer().expectClose();
        }
    }

    @Test
    @Requirement({"RDMAP-5.1-06", "RDMAP-5.1-08", "RDMAP-5.5-13"})
    void sendsMessagesInTheOrderOfPosting() {
        int messages = 30;
        try (RawPartner partner = partner(true, false, SEGMENT_OCTETS)) {
            MemoryRegion source = partner.end().register(5_000);
            SendBatch batch = new SendBatch();
            for (int i = 0; i < messages; i++) {
                SendRequest next = batch.add();
                (i % 3 == 2 ? next.send() : next.write(100 + i, 1_000L * i))
                        .local(source, 0, 1)
                        .local(source, 10, 100L * i)
                        .local(source, 4_999, 1);
            }
            assertThat(partner.end().queuePair().postSend(batch)).isEqualTo(messages);
            for (int i = 0; i < messages; i++) {
                int sent = 0;
                boolean last;
                do {
                    RawSegment segment = partner.peer().expectFpdu();
                    assertThat(segment.opcode()).isEqualTo(i % 3 == 2 ? 3 : 0);
                    assertThat(segment.stag()).isEqualTo(i % 3 == 2 ? 0 : 100 + i);
                    assertThat(segment.offset()).isEqualTo((i % 3 == 2 ? 0 : 1_000L * i) + sent);
                    sent += segment.payload().length;
                    last = segment.last();
                } while (!last);
                assertThat(sent).isEqualTo(100 * i + 2);
            }
        }
    }

    @Test
    @Requirement({"RDMAP-5.1-09", "RDMAP-5.2.1-12", "RDMAP-5.3-10", "DDP-5.2-08", "VRB-PS-08"})
    void sendsMessagesWithoutOctets() {
        try (RawPartner partner = partner(true, false, SEGMENT_OCTETS)) {
            MemoryRegion sink = partner.end().register(8);
            partner.end().post(request.write(0x1234, 7).id(1));
            partner.end().post(request.send().id(2));
            partner.end().post(request.read(0x5555, 9).id(3).local(sink, 4, 0));
            RawSegment write = partner.peer().expectFpdu();
            assertThat(write.octets())
                    .isEqualTo(RawSegment.write(0x1234, 7, new byte[0]).octets());
            RawSegment send = partner.peer().expectFpdu();
            assertThat(send.octets()).isEqualTo(RawSegment.send(1, new byte[0]).octets());
            RawSegment read = partner.peer().expectFpdu();
            assertThat(read.octets())
                    .isEqualTo(RawSegment.readRequest(1, sink.stag(), sink.startAddress() + 4, 0, 0x5555, 9)
                            .octets());
            partner.peer().sendFpdu(RawSegment.readResponse(sink.stag(), sink.startAddress() + 4, new byte[0]));
            for (int id = 1; id <= 3; id++) {
                assertThat(partner.end().awaitSendSuccess().id()).isEqualTo(id);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requirement({"RDMAP-5.5-08", "VRB-WC-04"})
    void completesBeforeThePeerHasReadAndNeedsTheMemoryNoMore(boolean crc) {
        int length = 10_000;
        try (RawPartner partner = partner(crc, false, SEGMENT_OCTETS)) {
            ByteBuffer memory = ByteBuffer.allocateDirect(length);
            memory.put(HexVectors.pattern(length)).clear();
            MemoryRegion source = partner.end().register(memory.duplicate());
            partner.end().post(request.write(0x1234, 0).local(source, 0, length));
            partner.end().post(request.send().local(source, 0, 50));
            // The peer has read nothing yet.
            partner.end().awaitSendSuccess();
            partner.end().awaitSendSuccess();
            memory.put(new byte[length]);
            ByteBuffer arrived = ByteBuffer.allocate(length + 50);
            while (arrived.hasRemaining()) {
                arrived.put(partner.peer().expectFpdu().payload());
            }
            assertThat(arrived.slice(0, length)).isEqualTo(ByteBuffer.wrap(HexVectors.pattern(length)));
            assertThat(arrived.slice(length, 50)).isEqualTo(ByteBuffer.wrap(HexVectors.pattern(50)));
        }
    }

    @Test
    @Requirement("VRB-PS-06")
    void ignoresALocalFenceWhereItMeansNothing() {
        try (RawPartner partner = partner(true, false, SEGMENT_OCTETS)) {
            MemoryRegion sink = partner.end().register(8);
            partner.end().post(request.read(0x5555, 0).local(sink, 0, 8));
            partner.end().post(request.send().localFence(true));
            partner.end().post(request.write(0x1234, 0).localFence(true));
            // The Read is not answered: a fence would hold back what is behind it.
            for (int opcode : new int[] {1, 3, 0}) {
                assertThat(partner.peer().expectFpdu().opcode()).isEqualTo(opcode);
            }
            partner.peer().sendFpdu(RawSegment.readResponse(sink.stag(), sink.startAddress(), new byte[8]));
            for (int i = 0; i < 3; i++) {
                partner.end().awaitSendSuccess();
            }
        }
    }

    /** Its peer keeps its own half open, so the queue pair stays where it is; Idle and RTS are with {@code TeardownTest}. */
    @ParameterizedTest
    @EnumSource(
            value = QueuePairState.class,
            names = {"CLOSING", "TERMINATE"})
    @Requirement({"VRB-QP-06", "VRB-QP-07"})
    void isDestroyedOnItsWayDown(QueuePairState state) {
        try (RawPartner partner = partner(true, false, 0)) {
            QueuePair queuePair = partner.end().queuePair();
            partner.end().postEmptyReceive(1);
            queuePair.modify(state);
            if (state == QueuePairState.TERMINATE) {
                partner.peer().expectTerminate(0, 0, 0);
            }
            partner.peer().expectClose();
            assertThat(queuePair.state()).isEqualTo(state);
            if (state == QueuePairState.TERMINATE) {
                assertThat(queuePair.query().terminate().triple()).isEqualTo("0/0/00");
                assertThat(queuePair.query().terminate().sent()).isTrue();
            }
            queuePair.close();
            assertThat(queuePair.postSend(request.send())).isEqualTo(PostResult.DESTROYED);
            assertThat(partner.end().receiveCompletions().size()).isZero();
            assertThat(partner.end().events()).isEmpty();
            // At once, not when the peer has had its time.
            assertThat(partner.end().device().streams())
                    .noneMatch(stream -> stream.queuePairNumber() == queuePair.number());
        }
    }

    @Test
    @Requirement("VRB-MO-01")
    void saysNothingOfMemoryOperations() {
        PairOptions options = PairOptions.defaults().withQueuePairs(queuePair -> queuePair.withFastRegister(true));
        try (RawPartner partner = new RawPartner(
                options, ConnectionParameters.defaults(), RawStartup.reply().withDepths(16, 16))) {
            MemoryRegion region = partner.end().register(8, AccessFlag.WINDOW_BIND);
            MemoryRegion empty = partner.end().allocateRegion(1, true);
            WindowBinding binding = partner.end()
                    .allocateWindow(WindowType.PROTECTION_DOMAIN)
                    .binding(region, 0, 8, AccessFlag.REMOTE_READ);
            partner.end().post(request.fastRegister(empty.fastRegistration(ByteBuffer.allocateDirect(8))));
            partner.end().post(request.bindWindow(binding));
            partner.end().post(request.localInvalidate(empty.stag()));
            partner.end().post(request.localInvalidate(binding.stag()));
            for (int i = 0; i < 4; i++) {
                partner.end().awaitSendSuccess();
            }
            partner.end().post(request.send());
            // The first that the peer hears of this end.
            assertThat(partner.peer().expectFpdu().octets())
                    .isEqualTo(RawSegment.send(1, new byte[0]).octets());
        }
    }

    @Test
    @Requirement("RDMAP-7.1-02")
    void returnsNoHeadersWhenItCannotMakeAMessage() {
        try (RawPartner partner = partner(true, false, 0)) {
            MemoryRegion source = partner.end().register(8);
            partner.end().post(request.write(0x1234, 0).local(source.stag() ^ 1, source.startAddress(), 8));
            partner.peer().expectTerminate(0, 0, 0).returningNothing();
            partner.peer().expectClose();
            partner.peer().close();
            assertThat(partner.end().awaitSend().status()).isEqualTo(WorkCompletionStatus.LOCAL_INVALID_STAG);
        }
    }
}
