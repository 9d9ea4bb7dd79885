package io.verbena.testkit.badinput;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.raw.RawSegment;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairEnd;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.AsyncEvent;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.SendRequest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One-touch memory that a peer begins to use and does not finish (SYS-MEM-12): the last segment has half arrived, or never
 * comes.
 */
@Tag("tcp")
@Timeout(30)
class HalfArrivedOneTouchTest {
    private static final int OCTETS = 1000;
    private static final int HALF = 500;
    private static final RegionOptions ONE_TOUCH = RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE)
            .withOneTouch(true);

    private static byte[] octets(ByteBuffer memory) {
        byte[] all = new byte[OCTETS];
        memory.get(0, all);
        return all;
    }

    private static byte[] ones(int count) {
        byte[] ones = new byte[count];
        Arrays.fill(ones, (byte) 1);
        return ones;
    }

    /** Places as octets arrive, so that half of the segment is there. */
    private static Victim eager() throws Exception {
        return Victim.open(PlacementMode.EAGER);
    }

    private static RawSegment beginLast(Victim victim, MemoryRegion region, ByteBuffer memory) {
        RawSegment last = RawSegment.write(region.stag(), region.startAddress(), HexVectors.pattern(OCTETS));
        victim.peer().sendPartOfFpdu(last, HALF);
        victim.end().await("the claim", () -> !region.valid());
        return last;
    }

    @Test
    @Requirement("SYS-MEM-12")
    void nobodyElseUsesWhatAHalfArrivedSegmentHasClaimed() throws Exception {
        try (Victim victim = eager()) {
            ByteBuffer memory = ByteBuffer.allocateDirect(OCTETS);
            MemoryRegion region = victim.end().register(List.of(memory.duplicate()), ONE_TOUCH);
            beginLast(victim, region, memory);
            PairEnd other = victim.pair().client();
            MemoryRegion ones = other.register(ByteBuffer.wrap(HexVectors.pattern(OCTETS + 1)));
            other.post(new SendRequest().write(region.remote(HALF, HALF)).local(ones, 1, HALF));
            AsyncEvent event = victim.pair().server().awaitEvents(1).get(0);
            assertThat(event.cause().check()).isEqualTo(FailedCheck.ALREADY_TOUCHED);
            for (int i = HALF; i < OCTETS; i++) {
                assertThat(memory.get(i)).isZero();
            }
            victim.peer().reset();
            victim.end().awaitState(QueuePairState.ERROR);
            region.close();
        }
    }

    @Test
    @Requirement({"SYS-MEM-12", "VRB-MR-08"})
    void deregisteringEndsTheSegmentThatHasHalfArrived() throws Exception {
        try (Victim victim = eager()) {
            ByteBuffer memory = ByteBuffer.allocateDirect(OCTETS);
            MemoryRegion region = victim.end().register(List.of(memory.duplicate()), ONE_TOUCH);
            RawSegment last = beginLast(victim, region, memory);
            region.close();
            byte[] then = octets(memory);
            victim.peer().sendRaw(ones(OCTETS + 64));
            victim.peer().skipToEnd();
            victim.peer().close();
            victim.end().awaitState(QueuePairState.ERROR);
            assertThat(octets(memory)).isEqualTo(then);
            assertThat(last.last()).isTrue();
            victim.requireOthersWork();
        }
    }

    @ParameterizedTest
    @EnumSource(PlacementMode.class)
    @Requirement("SYS-MEM-12")
    void aMessageThatNeverEndsKeepsTheMemoryValidAndNothingElse(PlacementMode mode) throws Exception {
        try (Victim victim = Victim.open(mode)) {
            ByteBuffer memory = ByteBuffer.allocateDirect(OCTETS);
            MemoryRegion region = victim.end().register(List.of(memory.duplicate()), ONE_TOUCH);
            for (int i = 0; i < OCTETS; i++) {
                victim.peer()
                        .sendFpdu(RawSegment.write(region.stag(), region.startAddress() + i, new byte[] {(byte) i})
                                .withoutLast());
            }
            victim.end().await("the last octet", () -> memory.get(OCTETS - 1) == (byte) (OCTETS - 1));
            assertThat(region.valid()).isTrue();
            victim.peer().reset();
            victim.end().awaitState(QueuePairState.ERROR);
            // It was not used by a whole message, so it is still good for one; the owner takes it back.
            assertThat(region.valid()).isTrue();
            assertThat(region.query().touched()).isFalse();
            region.close();
            victim.requireOthersWork();
        }
    }
}
