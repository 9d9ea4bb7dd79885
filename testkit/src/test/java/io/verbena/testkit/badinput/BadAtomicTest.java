package io.verbena.testkit.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawSegment;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WorkCompletion;
import io.verbena.verbs.WorkCompletionStatus;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Atomic Requests, Atomic Responses and Immediate Data that break a rule, and some that only look odd. */
@Tag("tcp")
@Timeout(30)
class BadAtomicTest {
    private static final int OCTETS = 64;
    private static final int RECEIVES = 4;

    static Stream<Arguments> offencesInEveryMode() {
        return Arrays.stream(AtomicOffence.values())
                .flatMap(offence -> Arrays.stream(PlacementMode.values()).map(mode -> Arguments.of(offence, mode)));
    }

    @ParameterizedTest
    @MethodSource("offencesInEveryMode")
    @Requirement({
        "SYS-MEM-15",
        "EXT-5.1.1-02",
        "EXT-5.1.1-03",
        "EXT-5.1.1-04",
        "EXT-5.1.2-03",
        "EXT-5.1.2-04",
        "EXT-5.1.2-05",
        "EXT-5.1.2-06",
        "EXT-5.2.1-09",
        "EXT-5.2.2-06",
        "EXT-8.1-02",
        "EXT-8.2-01",
        "EXT-8.2-02",
        "EXT-8.2-03",
        "EXT-8.2-04",
        "EXT-8.2-05"
    })
    void endsTheStreamWithTheRightTerminate(AtomicOffence offence, PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode)) {
            MemoryRegion inbox = victim.end().register(64);
            for (int i = 0; i < RECEIVES; i++) {
                victim.end().postReceive(i, inbox);
            }
            ByteBuffer memory = ByteBuffer.wrap(HexVectors.pattern(OCTETS));
            MemoryRegion target = victim.end().register(memory.duplicate(), AccessFlag.REMOTE_ATOMIC);
            RawSegment offender = offence.segment(target);
            victim.peer().sendFpdu(offender);
            victim.peer()
                    .expectTerminate(
                            offence.answer().layer(),
                            offence.answer().errorType(),
                            offence.answer().errorCode())
                    .returning(offender);
            victim.peer().expectClose();
            victim.peer().close();
            FailureCause cause = victim.requireOneEvent(
                    offence.answer().kind(), offence.answer().check());
            victim.requireTerminateSent(cause, offence.answer().triple());
            victim.requireFlushedReceives(RECEIVES, offence.answer().check());
            victim.requireMemoryUntouched();
            assertThat(memory).isEqualTo(ByteBuffer.wrap(HexVectors.pattern(OCTETS)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requirement({"SYS-MEM-10", "SYS-MEM-15", "EXT-5.2.1-07"})
    void refusesMoreRequestsThanAgreedReadsAmongThem(boolean onlyAtomics) throws Exception {
        int depth = 2;
        UnaryOperator<PairOptions> shallow =
                options -> options.withServerParameters(server -> server.withReadDepths(depth, depth));
        try (Victim victim =
                Victim.open(PlacementMode.VALIDATED, shallow, request -> request.withDepths(depth, depth))) {
            // A Response this long cannot leave while the peer does not read, so what is behind it waits.
            MemoryRegion source = victim.end().register(32 << 20, AccessFlag.REMOTE_READ);
            ByteBuffer memory = ByteBuffer.allocateDirect(8);
            MemoryRegion target = victim.end().register(memory.duplicate(), AccessFlag.REMOTE_ATOMIC);
            RawSegment read = RawSegment.readRequest(1, 1, 0, 32 << 20, source.stag(), source.startAddress());
            victim.peer().sendFpdu(read);
            RawSegment second = onlyAtomics
                    ? RawSegment.atomicRequest(2, 0, 7, target.stag(), target.startAddress(), 1, 0, 0, 0)
                    : RawSegment.readRequest(2, 1, 0, 32 << 20, source.stag(), source.startAddress());
            victim.peer().sendFpdu(second);
            RawSegment offender = RawSegment.atomicRequest(3, 0, 8, target.stag(), target.startAddress(), 1, 0, 0, 0);
            victim.peer().sendFpdu(offender);
            victim.end().awaitEvents(1);
            victim.peer().expectTerminateAfterData(1, 2, 0x03).returning(offender);
            victim.peer().expectClose();
            victim.peer().close();
            victim.requireOneEvent(AsyncEvent.Kind.RECEIVE_QUEUE, FailedCheck.INBOUND_READ_DEPTH);
            assertThat(memory.getLong(0)).as("neither was performed").isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 9})
    @Requirement({"EXT-6.3-07", "EXT-6.1-02", "EXT-8.1-02"})
    void failsTheReceiveThatImmediateDataOfAnotherLengthHasTaken(int octets) throws Exception {
        try (Victim victim = Victim.open(PlacementMode.values()[octets % 3])) {
            MemoryRegion inbox = victim.end().register(64);
            victim.end().postReceive(1, inbox);
            victim.end().postReceive(2, inbox);
            RawSegment offender = RawSegment.immediate(1, 5).withPayload(HexVectors.pattern(octets));
            victim.peer().sendFpdu(offender);
            victim.peer().expectTerminate(0, 2, 0xFF).returning(offender);
            victim.peer().expectClose();
            victim.peer().close();
            FailureCause cause =
                    victim.requireFailedReceive(WorkCompletionStatus.LOCAL_LENGTH, FailedCheck.SEGMENT_LENGTH);
            victim.requireTerminateSent(cause, "0/2/ff");
            victim.requireFlushedReceives(1, FailedCheck.SEGMENT_LENGTH);
        }
    }

    /** What a peer may answer wrongly to the only atomic operation, and the Terminate it gets. */
    enum WrongResponse {
        OTHER_IDENTIFIER(0, 2, 0x07, FailedCheck.ATOMIC_RESPONSE) {
            @Override
            RawSegment segment(int identifier) {
                return RawSegment.atomicResponse(1, identifier ^ 1, 5);
            }
        },
        OTHER_MSN(1, 2, 0x03, FailedCheck.MESSAGE_SEQUENCE) {
            @Override
            RawSegment segment(int identifier) {
                return RawSegment.atomicResponse(2, identifier, 5);
            }
        },
        TOO_LONG(1, 0, 0x00, FailedCheck.SEGMENT_LENGTH) {
            @Override
            RawSegment segment(int identifier) {
                RawSegment right = RawSegment.atomicResponse(1, identifier, 5);
                return right.withPayload(Arrays.copyOf(right.payload(), 16));
            }
        },
        TOO_SHORT(1, 0, 0x00, FailedCheck.SEGMENT_LENGTH) {
            @Override
            RawSegment segment(int identifier) {
                RawSegment right = RawSegment.atomicResponse(1, identifier, 5);
                return right.withPayload(Arrays.copyOf(right.payload(), 11));
            }
        };

        private final int layer;
        private final int errorType;
        private final int errorCode;
        private final FailedCheck check;

        WrongResponse(int layer, int errorType, int errorCode, FailedCheck check) {
            this.layer = layer;
            this.errorType = errorType;
            this.errorCode = errorCode;
            this.check = check;
        }

        abstract RawSegment segment(int identifier);
    }

    @ParameterizedTest
    @EnumSource(WrongResponse.class)
    @Requirement({"EXT-5.2.2-06", "EXT-8.1-02"})
    void refusesAResponseThatDoesNotFit(WrongResponse wrong) throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            ByteBuffer octets = ByteBuffer.allocateDirect(24);
            MemoryRegion sink = victim.end().register(octets.duplicate());
            victim.end()
                    .queuePair()
                    .postSend(new SendRequest().fetchAdd(0x1234, 0, 1).id(5).local(sink, 8, 8))
                    .orThrow();
            RawSegment request = victim.peer().expectFpdu("an Atomic Request", segment -> segment.opcode() == 0xA);
            RawSegment offender =
                    wrong.segment(ByteBuffer.wrap(request.payload()).getInt(4));
            victim.peer().sendFpdu(offender);
            victim.peer()
                    .expectTerminate(wrong.layer, wrong.errorType, wrong.errorCode)
                    .returning(offender);
            victim.peer().expectClose();
            victim.peer().close();
            WorkCompletion failed = victim.end().awaitSend();
            assertThat(failed.id()).isEqualTo(5);
            assertThat(failed.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
            assertThat(failed.cause().root().check()).isEqualTo(wrong.check);
            assertThat(octets).isEqualTo(ByteBuffer.allocate(24));
        }
    }

    /** Whether it was performed at the peer is not known then. */
    @Test
    void flushesAnOperationWhoseConnectionEnds() throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            MemoryRegion sink = victim.end().register(8);
            victim.end()
                    .queuePair()
                    .postSend(new SendRequest().swap(0x1234, 0, 1).id(5).local(sink, 0, 8))
                    .orThrow();
            victim.peer().expectFpdu("an Atomic Request", segment -> segment.opcode() == 0xA);
            victim.peer().reset();
            WorkCompletion flushed = victim.end().awaitSend();
            assertThat(flushed.id()).isEqualTo(5);
            assertThat(flushed.status()).isEqualTo(WorkCompletionStatus.FLUSHED);
            assertThat(flushed.cause().root().check()).isEqualTo(FailedCheck.CONNECTION_RESET);
        }
    }

    /** Reserved bits, the Invalidate STag field, and what a FetchAdd does not use. */
    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    @Requirement({
        "EXT-4.1-03",
        "EXT-5-05",
        "EXT-5.2-02",
        "EXT-5.2.1-03",
        "EXT-5.2.1-04",
        "EXT-5.2.1-05",
        "EXT-5.2.2-01",
        "EXT-4.1-01",
        "EXT-4.1-02",
        "EXT-5.2.1-01"
    })
    void answersRequestsThatOnlyLookOdd(PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode)) {
            ByteBuffer memory = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
            MemoryRegion target = victim.end().register(memory.duplicate(), AccessFlag.REMOTE_ATOMIC);
            victim.end().postEmptyReceive(1);
            long at = target.startAddress();
            victim.peer()
                    .sendFpdu(RawSegment.atomicRequest(1, 0xABCDEF00, 0x99887766, target.stag(), at, 5, 0, 77, 88)
                            .withStag(0x5151)
                            .withRdmapControl(0x7A));
            victim.peer().sendFpdu(RawSegment.atomicRequest(2, 0x12, -1, target.stag(), at, 9, -1, 5, -1));
            victim.peer().sendFpdu(RawSegment.immediate(1, 0x77).withStag(0x5151));
            long[] found = {0, 5};
            int[] identifiers = {0x99887766, -1};
            for (int i = 0; i < 2; i++) {
                RawSegment response = victim.peer().expectFpdu();
                assertThat(response.ddpControl()).isEqualTo(0x41);
                assertThat(response.rdmapControl()).isEqualTo(0x4B);
                assertThat(response.queue()).isEqualTo(3);
                assertThat(response.msn()).isEqualTo(i + 1);
                assertThat(response.offset()).isZero();
                assertThat(response.stag()).isZero();
                assertThat(response.payload()).hasSize(12);
                assertThat(ByteBuffer.wrap(response.payload()).getInt(0)).isEqualTo(identifiers[i]);
                assertThat(ByteBuffer.wrap(response.payload()).getLong(4)).isEqualTo(found[i]);
            }
            assertThat(memory.getLong(0)).isEqualTo(9);
            assertThat(victim.end().awaitReceiveSuccess().immediateData()).isEqualTo(0x77);
            victim.requireOthersWork();
        }
    }
}
