package io.verbena.testkit.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawStartup;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads in both roles: requests that are too many or too odd, responses that do not fit. */
@Tag("tcp")
@Timeout(30)
class BadReadTest {
    private static final int SINK_OCTETS = 64;

    @Test
    @Requirement({"RDMAP-6.1-05", "SYS-MEM-10", "RDMAP-5.2.1-02", "RDMAP-6.1-02", "RDMAP-8.1.1-12", "RDMAP-5.2.2-03"})
    void refusesMoreReadRequestsThanAgreed() throws Exception {
        int depth = 2;
        UnaryOperator<PairOptions> shallow =
                options -> options.withServerParameters(server -> server.withReadDepths(depth, depth));
        try (Victim victim =
                Victim.open(PlacementMode.VALIDATED, shallow, request -> request.withDepths(depth, depth))) {
            // Responses this long cannot leave while the peer does not read, so the requests stay outstanding.
            MemoryRegion source = victim.end().register(32 << 20, AccessFlag.REMOTE_READ);
            for (int msn = 1; msn <= depth; msn++) {
                victim.peer()
                        .sendFpdu(RawSegment.readRequest(msn, 1, 0, 32 << 20, source.stag(), source.startAddress()));
            }
            RawSegment offender = RawSegment.readRequest(depth + 1, 1, 0, 16, source.stag(), source.startAddress());
            victim.peer().sendFpdu(offender);
            victim.end().awaitEvents(1);
            victim.peer().expectTerminateAfterData(1, 2, 0x03).returning(offender);
            victim.peer().expectClose();
            victim.peer().close();
            victim.requireOneEvent(AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.INBOUND_READ_DEPTH);
        }
    }

    /** RFC 5042 section 6.4.3.3: what one peer may ask for at a time is not taken from what another may. */
    @Test
    @Requirement({"SEC-6.4.3.3-01", "RDMAP-8.1.2-07"})
    void aPeerThatHasAskedForAllItMayTakesNothingFromOthers() throws Exception {
        int depth = 1;
        UnaryOperator<PairOptions> shallow =
                options -> options.withServerParameters(server -> server.withReadDepths(depth, depth));
        try (Victim victim =
                Victim.open(PlacementMode.VALIDATED, shallow, request -> request.withDepths(depth, depth))) {
            MemoryRegion source = victim.end().register(32 << 20, AccessFlag.REMOTE_READ);
            victim.peer().sendFpdu(RawSegment.readRequest(1, 1, 0, 32 << 20, source.stag(), source.startAddress()));
            victim.end()
                    .await("the request", () -> victim.end().queuePair().query().inboundReads() == depth);
            victim.requireOthersWork();
            assertThat(victim.end().queuePair().query().inboundReads()).isEqualTo(depth);
        }
    }

    @Test
    void refusesReadRequestsWhenNoneWereAgreed() throws Exception {
        UnaryOperator<PairOptions> none =
                options -> options.withServerParameters(server -> server.withReadDepths(0, 0));
        try (Victim victim = Victim.open(PlacementMode.VALIDATED, none, request -> request.withDepths(0, 0))) {
            RawSegment offender = request(victim, 16);
            victim.peer().sendFpdu(offender);
            victim.peer().expectTerminate(1, 2, 0x01).returning(offender);
            victim.peer().expectClose();
            victim.peer().close();
            victim.requireOneEvent(AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.QUEUE_PAIR_ACCESS);
        }
    }

    @Test
    @Requirement({"VRB-QP-09", "VRB-QP-11"})
    void refusesReadRequestsAtAQueuePairThatForbidsThem() throws Exception {
        UnaryOperator<PairOptions> forbidden =
                options -> options.withQueuePairs(queuePair -> queuePair.withRemoteAccess(true, false));
        try (Victim victim = Victim.open(PlacementMode.VALIDATED, forbidden, UnaryOperator.identity())) {
            RawSegment offender = request(victim, 16);
            victim.peer().sendFpdu(offender);
            victim.peer().expectTerminate(1, 2, 0x01).returning(offender);
            victim.peer().expectClose();
            assertThat(victim.end().awaitEvents(1).get(0).cause().check()).isEqualTo(FailedCheck.QUEUE_PAIR_ACCESS);
        }
    }

    @Test
    @Requirement({"VRB-QP-09", "VRB-QP-11"})
    void refusesWritesAtAQueuePairThatForbidsThem() throws Exception {
        UnaryOperator<PairOptions> forbidden =
                options -> options.withQueuePairs(queuePair -> queuePair.withRemoteAccess(false, true));
        try (Victim victim = Victim.open(PlacementMode.VALIDATED, forbidden, UnaryOperator.identity())) {
            RawSegment offender = RawSegment.write(victim.granted().stag(), victim.at(0), HexVectors.pattern(16));
            victim.peer().sendFpdu(offender);
            victim.peer().expectTerminate(1, 1, 0x02).returning(offender);
            victim.peer().expectClose();
            assertThat(victim.end().awaitEvents(1).get(0).cause().check()).isEqualTo(FailedCheck.QUEUE_PAIR_ACCESS);
            victim.requireMemoryUntouched();
        }
    }

    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    @Requirement({"RDMAP-5.2.1-14", "RDMAP-5.2.1-15", "VRB-MR-10", "DDP-5.2-10", "DDP-5.2-09", "RDMAP-4.4-06"})
    void looksAtNoTargetOfZeroOctets(PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode)) {
            victim.peer().sendFpdu(RawSegment.write(0xDEAD_BEEF, -1, new byte[0]));
            victim.peer().sendFpdu(RawSegment.readRequest(1, 0x77, 0x1234, 0, 0xDEAD_BEEF, -1));
            RawSegment response = victim.peer().expectFpdu("a Read Response", segment -> segment.opcode() == 2);
            assertThat(response.payload()).isEmpty();
            assertThat(response.stag()).isEqualTo(0x77);
            assertThat(response.offset()).isEqualTo(0x1234);
            victim.requireOthersWork();
        }
    }

    @Test
    @Requirement({
        "RDMAP-4.4-02",
        "RDMAP-4.4-03",
        "RDMAP-5.2.2-07",
        "RDMAP-5.2.1-03",
        "RDMAP-5.2.1-08",
        "RDMAP-5.2.2-06",
        "RDMAP-5.2.2-09"
    })
    void answersInOrderWithTheSinkOfEachRequest() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            for (int msn = 1; msn <= 16; msn++) {
                victim.peer()
                        .sendFpdu(RawSegment.readRequest(
                                msn, 100 + msn, msn, msn, victim.granted().stag(), victim.at(msn)));
            }
            for (int msn = 1; msn <= 16; msn++) {
                RawSegment response = victim.peer().expectFpdu();
                assertThat(response.opcode()).isEqualTo(2);
                assertThat(response.stag()).isEqualTo(100 + msn);
                assertThat(response.offset()).isEqualTo(msn);
                assertThat(response.payload()).hasSize(msn).containsOnly(0xA5);
                assertThat(response.last()).isTrue();
            }
        }
    }

    /** Without the long one in front, each could be answered before the next arrives. */
    @Test
    @Requirement({
        "RDMAP-5.2.1-08",
        "RDMAP-5.2.2-07",
        "RDMAP-5.5-20",
        "RDMAP-5.2.1-02",
        "RDMAP-6.1-02",
        "EXT-5.2.1-11",
        "EXT-5.2.2-03",
        "EXT-5.2.2-07",
        "EXT-5.4-08"
    })
    void answersInOrderWhatHadToWait() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            int length = 32 << 20;
            MemoryRegion source = victim.end().register(length, AccessFlag.REMOTE_READ);
            ByteBuffer word = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
            MemoryRegion target = victim.end().register(word.duplicate(), AccessFlag.REMOTE_ATOMIC);
            victim.peer().sendFpdu(RawSegment.readRequest(1, 101, 0, length, source.stag(), source.startAddress()));
            for (int msn = 2; msn <= 16; msn++) {
                victim.peer()
                        .sendFpdu(
                                msn % 2 == 0
                                        ? RawSegment.readRequest(
                                                msn,
                                                100 + msn,
                                                msn,
                                                msn,
                                                victim.granted().stag(),
                                                victim.at(msn))
                                        : RawSegment.atomicRequest(
                                                msn, 0, 100 + msn, target.stag(), target.startAddress(), 1, 0, 0, 0));
            }
            victim.end()
                    .await(
                            "all requests",
                            () -> victim.end().queuePair().query().inboundReads() == 16);
            RawSegment response;
            do {
                response = victim.peer().expectFpdu();
                assertThat(response.stag()).isEqualTo(101);
            } while (!response.last());
            for (int msn = 2; msn <= 16; msn++) {
                response = victim.peer().expectFpdu();
                if (msn % 2 == 0) {
                    assertThat(response.opcode()).isEqualTo(2);
                    assertThat(response.stag()).isEqualTo(100 + msn);
                    assertThat(response.payload()).hasSize(msn);
                } else {
                    assertThat(response.opcode()).isEqualTo(0xB);
                    assertThat(response.msn()).isEqualTo(msn / 2);
                    assertThat(ByteBuffer.wrap(response.payload()).getInt(0)).isEqualTo(100 + msn);
                    assertThat(ByteBuffer.wrap(response.payload()).getLong(4)).isEqualTo(msn / 2 - 1);
                }
            }
            assertThat(word.getLong(0)).isEqualTo(7);
        }
    }

    /** RFC 5040 section 5.5, rules 7 and 8: the octets are anybody's guess, but not whether the CRCs are good. */
    @Test
    @Requirement("RDMAP-5.5-07")
    void answersWithGoodCrcsWhileTheApplicationChangesTheMemory() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            int length = 32 << 20;
            ByteBuffer memory = ByteBuffer.allocateDirect(length);
            MemoryRegion source = victim.end().register(memory.duplicate(), AccessFlag.REMOTE_READ);
            victim.peer().sendFpdu(RawSegment.readRequest(1, 0x77, 0, length, source.stag(), source.startAddress()));
            // So much does not fit on its way: the rest of what was framed waits for the peer to read.
            RawSegment first = victim.peer().expectFpdu();
            byte[] ones = new byte[length];
            Arrays.fill(ones, (byte) 1);
            memory.put(ones);
            int arrived = first.payload().length;
            RawSegment last = first;
            while (arrived < length) {
                last = victim.peer().expectFpdu();
                arrived += last.payload().length;
            }
            assertThat(last.last()).isTrue();
            assertThat(first.payload()).containsOnly(0);
            assertThat(last.payload()).containsOnly(1);
            victim.requireOthersWork();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 27})
    void refusesAReadRequestThatIsTooShort(int headerOctets) throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            byte[] whole = request(victim, 16).octets();
            victim.peer().sendUlpdu(Arrays.copyOf(whole, 18 + headerOctets));
            victim.peer().expectTerminate(1, 0, 0x00);
            victim.peer().expectClose();
            victim.peer().close();
            victim.requireOneEvent(AsyncEvent.Kind.STREAM_INTEGRITY, FailedCheck.SEGMENT_LENGTH);
        }
    }

    /** What a peer may answer wrongly to a Read of 64 octets: its first segment, and the Terminate it gets. */
    enum WrongResponse {
        OTHER_STAG(1, 1, 0x00) {
            @Override
            RawSegment segment(RawSegment right) {
                return right.withStag(right.stag() ^ 0x100);
            }
        },
        OTHER_OFFSET(1, 1, 0x01) {
            @Override
            RawSegment segment(RawSegment right) {
                return right.withOffset(right.offset() + 1);
            }
        },
        TOO_LONG(1, 1, 0x01) {
            @Override
            RawSegment segment(RawSegment right) {
                return RawSegment.readResponse(right.stag(), right.offset(), HexVectors.pattern(SINK_OCTETS + 1));
            }
        },
        TOO_LONG_AND_NOT_LAST(1, 1, 0x01) {
            @Override
            RawSegment segment(RawSegment right) {
                return TOO_LONG.segment(right).withoutLast();
            }
        },
        TOO_SHORT(1, 1, 0x01) {
            @Override
            RawSegment segment(RawSegment right) {
                return RawSegment.readResponse(right.stag(), right.offset(), HexVectors.pattern(SINK_OCTETS - 1));
            }
        };

        private final int layer;
        private final int errorType;
        private final int errorCode;

        WrongResponse(int layer, int errorType, int errorCode) {
            this.layer = layer;
            this.errorType = errorType;
            this.errorCode = errorCode;
        }

        abstract RawSegment segment(RawSegment right);
    }

    @ParameterizedTest
    @CsvSource({
        "OTHER_STAG,VALIDATED", "OTHER_STAG,EAGER", "OTHER_STAG,DIRECT",
        "OTHER_OFFSET,VALIDATED", "OTHER_OFFSET,EAGER", "OTHER_OFFSET,DIRECT",
        "TOO_LONG,VALIDATED", "TOO_LONG,EAGER", "TOO_LONG,DIRECT",
        "TOO_LONG_AND_NOT_LAST,VALIDATED", "TOO_LONG_AND_NOT_LAST,EAGER", "TOO_LONG_AND_NOT_LAST,DIRECT",
        "TOO_SHORT,VALIDATED", "TOO_SHORT,EAGER", "TOO_SHORT,DIRECT"
    })
    @Requirement({"RDMAP-5.2.2-05", "RDMAP-5.2.2-08", "SYS-MEM-09"})
    void refusesAResponseThatDoesNotFitItsRead(WrongResponse wrong, PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode)) {
            ByteBuffer guarded = ByteBuffer.allocateDirect(3 * SINK_OCTETS);
            MemoryRegion sink = victim.end().register(guarded.duplicate());
            victim.end()
                    .queuePair()
                    .postSend(new SendRequest().read(0x1234, 0).id(5).local(sink, SINK_OCTETS, SINK_OCTETS))
                    .orThrow();
            victim.peer().expectFpdu("a Read Request", segment -> segment.opcode() == 1);
            RawSegment right = RawSegment.readResponse(
                    sink.stag(), sink.startAddress() + SINK_OCTETS, HexVectors.pattern(SINK_OCTETS));
            RawSegment offender = wrong.segment(right);
            victim.peer().sendFpdu(offender);
            victim.peer()
                    .expectTerminate(wrong.layer, wrong.errorType, wrong.errorCode)
                    .returning(offender);
            victim.peer().expectClose();
            victim.peer().close();
            WorkCompletion read = victim.end().awaitSend();
            assertThat(read.id()).isEqualTo(5);
            assertThat(read.status()).isNotEqualTo(WorkCompletionStatus.SUCCESS);
            assertThat(read.cause().root().check()).isEqualTo(FailedCheck.READ_RESPONSE);
            victim.requireOneEvent(AsyncEvent.Kind.REMOTE_PROTECTION, FailedCheck.READ_RESPONSE);
            assertThat(guarded.slice(0, SINK_OCTETS)).isEqualTo(ByteBuffer.allocate(SINK_OCTETS));
            assertThat(guarded.slice(2 * SINK_OCTETS, SINK_OCTETS)).isEqualTo(ByteBuffer.allocate(SINK_OCTETS));
        }
    }

    @Test
    @Requirement({"RDMAP-5.5-19", "RDMAP-5.2.2-04"})
    void completesNoReadBeforeItsLastSegment() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion sink = victim.end().register(SINK_OCTETS);
            victim.end()
                    .queuePair()
                    .postSend(new SendRequest().read(0x1234, 0).id(5).local(sink, 0, SINK_OCTETS))
                    .orThrow();
            RawSegment request = victim.peer().expectFpdu();
            assertThat(request.opcode()).isEqualTo(1);
            assertThat(request.last()).isTrue();
            victim.peer()
                    .sendFpdu(RawSegment.readResponse(sink.stag(), sink.startAddress(), HexVectors.pattern(32))
                            .withoutLast());
            victim.requireOthersWork();
            assertThat(victim.end().sendCompletions().size()).isZero();
            assertThat(victim.end().queuePair().query().outboundReads()).isOne();
            victim.peer()
                    .sendFpdu(RawSegment.readResponse(sink.stag(), sink.startAddress() + 32, HexVectors.pattern(32)));
            assertThat(victim.end().awaitSendSuccess().lengthOctets()).isEqualTo(SINK_OCTETS);
            assertThat(victim.end().queuePair().state()).isEqualTo(QueuePairState.RTS);
        }
    }

    @Test
    @Requirement({"ENH-9.1-02", "ENH-9.1-04", "RDMAP-6.1-03", "RDMAP-6.1-04"})
    void neverAsksForMoreReadsAtOnceThanThePeerTakes() throws Exception {
        try (Victim victim =
                Victim.open(PlacementMode.VALIDATED, UnaryOperator.identity(), request -> request.withDepths(3, 3))) {
            MemoryRegion sink = victim.end().register(8 * SINK_OCTETS);
            for (int i = 0; i < 8; i++) {
                victim.end()
                        .queuePair()
                        .postSend(new SendRequest()
                                .read(0x1234, 0)
                                .id(i)
                                .local(sink, (long) i * SINK_OCTETS, SINK_OCTETS))
                        .orThrow();
            }
            int asked = 0;
            for (int answered = 0; answered < 8; answered++) {
                for (; asked < Math.min(8, answered + 3); asked++) {
                    RawSegment request = victim.peer().expectFpdu();
                    assertThat(request.opcode()).isEqualTo(1);
                    assertThat(request.msn()).isEqualTo(asked + 1);
                }
                assertThat(victim.peer().nothingArrived()).isTrue();
                victim.peer()
                        .sendFpdu(RawSegment.readResponse(
                                sink.stag(),
                                sink.startAddress() + (long) answered * SINK_OCTETS,
                                HexVectors.pattern(SINK_OCTETS)));
                assertThat(victim.end().awaitSendSuccess().id()).isEqualTo(answered);
            }
        }
    }

    @Test
    @Requirement("VRB-QP-08")
    void neverAsksForMoreReadsAtOnceThanItWasLoweredTo() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion sink = victim.end().register(4 * SINK_OCTETS);
            victim.end().queuePair().lowerOutboundReadDepth(1);
            for (int i = 0; i < 4; i++) {
                victim.end()
                        .post(new SendRequest().read(0x1234, 0).id(i).local(sink, (long) i * SINK_OCTETS, SINK_OCTETS));
            }
            for (int i = 0; i < 4; i++) {
                assertThat(victim.peer().expectFpdu().msn()).isEqualTo(i + 1);
                assertThat(victim.end().queuePair().query().outboundReads()).isOne();
                assertThat(victim.peer().nothingArrived()).isTrue();
                victim.peer()
                        .sendFpdu(RawSegment.readResponse(
                                sink.stag(),
                                sink.startAddress() + (long) i * SINK_OCTETS,
                                HexVectors.pattern(SINK_OCTETS)));
                assertThat(victim.end().awaitSendSuccess().id()).isEqualTo(i);
            }
        }
    }

    @Test
    void doesNotReadRequestsIntoTheWrongDepth() throws Exception {
        try (Victim victim = Victim.open(
                PlacementMode.VALIDATED,
                UnaryOperator.identity(),
                request -> request.withDepths(RawStartup.NOT_NEGOTIATED, RawStartup.NOT_NEGOTIATED))) {
            // RFC 6581 section 9.1: 0x3FFF leaves the responder's own depths alone.
            assertThat(victim.end().connection().agreement().inboundReadDepth()).isEqualTo(16);
            assertThat(victim.end().connection().agreement().outboundReadDepth())
                    .isEqualTo(16);
        }
    }

    private static RawSegment request(Victim victim, int length) {
        return RawSegment.readRequest(1, 1, 0, length, victim.granted().stag(), victim.at(0));
    }
}
