package io.verbena.testkit.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawSegment;
import io.verbena.conformance.raw.RawTerminate;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.FailureCause;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePairState;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every {@link Offence} in every placement mode. */
@Tag("tcp")
@Timeout(30)
class BadSegmentTest {
    private static final int RECEIVES = 4;

    static Stream<Arguments> offencesInEveryMode() {
        return Arrays.stream(Offence.values())
                .flatMap(offence -> Arrays.stream(PlacementMode.values()).map(mode -> Arguments.of(offence, mode)));
    }

    @ParameterizedTest
    @MethodSource("offencesInEveryMode")
    @Requirement({
        "SYS-MEM-09",
        "SYS-MEM-10",
        "RDMAP-4.8-04",
        "RDMAP-4.8-05",
        "RDMAP-4.8-06",
        "RDMAP-4.8-08",
        "RDMAP-4.8-10",
        "VRB-QP-07",
        "VRB-AE-07",
        "DDP-4.1-11",
        "DDP-6.2.2-03",
        "DDP-6.2.2-04",
        "DDP-6.2.2-05",
        "DDP-7.1-01",
        "DDP-7.1-07",
        "DDP-7.1-09",
        "DDP-7.1-10",
        "DDP-7.1-11",
        "DDP-7.1-12",
        "DDP-7.1-13",
        "DDP-7.1-14",
        "DDP-7.1-15",
        "DDP-7.1-16",
        "DDP-7.1-18",
        "DDP-7.2-01",
        "RDMAP-3.2-03",
        "RDMAP-3.2-04",
        "RDMAP-5.1-03",
        "RDMAP-5.2.1-05",
        "RDMAP-5.2.1-13",
        "RDMAP-6.2.1-01",
        "RDMAP-6.2.1-02",
        "RDMAP-6.2.1-04",
        "RDMAP-7.1-01",
        "RDMAP-7.1-03",
        "RDMAP-7.1-04",
        "RDMAP-7.2-01",
        "RDMAP-7.2-02",
        "RDMAP-7.2-03",
        "RDMAP-7.2-06",
        "RDMAP-7.2-08",
        "RDMAP-7.2-09",
        "RDMAP-7.2-10",
        "RDMAP-7.2-11",
        "RDMAP-7.2-12",
        "RDMAP-7.2-13",
        "RDMAP-8.1.1-01",
        "RDMAP-8.1.1-03",
        "SEC-6.2.1-01",
        "SEC-6.3.5-01",
        "DDP-6.2.2-06",
        "DDP-8.3.1-03",
        "RDMAP-4.8-09",
        "RDMAP-4.8-12",
        "RDMAP-4.8-13",
        "RDMAP-7.2-07",
        "RDMAP-7-02",
        "VRB-ST-03",
        "VRB-ST-04",
        "RDMAP-4.8-01",
        "RDMAP-4.8-02"
    })
    void endsTheStreamWithTheRightTerminate(Offence offence, PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode)) {
            MemoryRegion inbox = victim.end().register(64);
            for (int i = 0; i < RECEIVES; i++) {
                victim.end().postReceive(i, inbox);
            }
            RawSegment offender = offence.segment(victim);
            victim.peer().sendFpdu(offender);
            requireReturned(
                    victim.peer()
                            .expectTerminate(
                                    offence.answer().layer(),
                                    offence.answer().errorType(),
                                    offence.answer().errorCode()),
                    offender);
            victim.peer().expectClose();
            victim.peer().close();
            FailureCause cause = victim.requireOneEvent(
                    offence.answer().kind(), offence.answer().check());
            victim.requireTerminateSent(cause, offence.answer().triple());
            victim.requireFlushedReceives(RECEIVES, offence.answer().check());
            victim.requireMemoryUntouched();
        }
    }

    /** All 32 bits of an STag are compared, those of the index and those of the key. */
    @ParameterizedTest
    @MethodSource("bits")
    @Requirement("VRB-ST-01")
    void refusesAnStagWithOneBitWrong(int bit, boolean writes) throws Exception {
        try (Victim victim = Victim.open(PlacementMode.VALIDATED)) {
            int stag = victim.granted().stag() ^ 1 << bit;
            RawSegment offender = writes
                    ? RawSegment.write(stag, victim.at(0), HexVectors.pattern(16))
                    : RawSegment.readRequest(1, 1, 0, 16, stag, victim.at(0));
            victim.peer().sendFpdu(offender);
            // Another index may lead to another region, so how it is refused is open.
            victim.peer().expectFpdu("a Terminate", segment -> segment.opcode() == 7);
            victim.peer().expectClose();
            victim.peer().close();
            victim.end().awaitState(QueuePairState.ERROR);
            if (bit < 8) {
                assertThat(victim.end().awaitEvents(1).get(0).cause().check()).isEqualTo(FailedCheck.TAG_INSTANCE);
            }
            victim.requireMemoryUntouched();
        }
    }

    static Stream<Arguments> bits() {
        return IntStream.range(0, 32)
                .boxed()
                .flatMap(bit -> Stream.of(true, false).map(writes -> Arguments.of(bit, writes)));
    }

    private static void requireReturned(RawTerminate terminate, RawSegment offender) {
        if (terminate.layer() == 0 && terminate.errorType() == 1) {
            terminate.returningReadRequest(offender);
        } else if (terminate.layer() == 0) {
            terminate.returningAtMost(offender);
        } else {
            terminate.returning(offender);
        }
        assertThat(terminate.layer()).isLessThanOrEqualTo(1);
    }
}
