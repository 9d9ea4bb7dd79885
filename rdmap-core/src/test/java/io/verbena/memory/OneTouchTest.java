package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.memory.OneTouch.Arrival;
import io.verbena.memory.OneTouch.Decision;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.DeviceOptions.StagPolicy;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.WindowType;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The decision table of SYS-MEM-12, row by row. */
@DisplayName("One-touch memory")
@Timeout(60)
class OneTouchTest {
    private final MemoryTranslationProtectionTable table =
            Regions.table(100, 100, StagPolicy.UNPREDICTABLE, WindowLifetime.ONE_TOUCH, 1);
    private final OneTouch stream = new OneTouch(table);
    private final OneTouch otherStream = new OneTouch(table);
    private final TableEntry entry = region(true);

    private TableEntry region(boolean oneTouch) {
        return table.register(
                Regions.DOMAIN,
                List.of(ByteBuffer.allocate(100)),
                RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE)
                        .withOneTouch(oneTouch));
    }

    private FailedCheck write(TableEntry to) {
        return AccessCheck.remote(to, to.stag(), to.startAddress(), 1, Regions.user(), AccessFlag.REMOTE_WRITE);
    }

    @Test
    void lastClearIsPlacedWhereverItIs() {
        for (Arrival arrival : Arrival.values()) {
            assertThat(stream.decide(entry, false, arrival, 5)).isEqualTo(Decision.PLACE);
        }
        assertThat(entry.valid()).isTrue();
    }

    @Test
    void onlyWhoKnowsTheStagLearnsThatItWasUsedUp() {
        assertThat(stream.decide(entry, true, Arrival.NEXT, 0)).isEqualTo(Decision.PLACE_AND_INVALIDATE);
        stream.finish(entry);
        assertThat(write(entry)).isEqualTo(FailedCheck.ALREADY_TOUCHED);
        assertThat(AccessCheck.remote(
                        entry, entry.stag() ^ 1, entry.startAddress(), 1, Regions.user(), AccessFlag.REMOTE_WRITE))
                .isEqualTo(FailedCheck.ENTRY_VALID);
    }

    @Test
    void memoryThatIsNotOneTouchIsPlacedForEver() {
        TableEntry ordinary = region(false);
        for (Arrival arrival : Arrival.values()) {
            assertThat(stream.decide(ordinary, true, arrival, 5)).isEqualTo(Decision.PLACE);
        }
        assertThat(ordinary.valid()).isTrue();
    }

    @Test
    void theNextSegmentClaimsTheEntryAndEndsIt() {
        assertThat(stream.decide(entry, true, Arrival.NEXT, 0)).isEqualTo(Decision.PLACE_AND_INVALIDATE);
        assertThat(write(entry)).isEqualTo(FailedCheck.ALREADY_TOUCHED);
        assertThat(entry.pin(entry.stag())).isFalse();
        assertThat(entry.pinClaimed()).isTrue();
        entry.unpin();
        assertThat(otherStream.decide(entry, true, Arrival.NEXT, 0)).isEqualTo(Decision.REFUSE);
        assertThat(entry.pinClaimed())
                .as("refusing others does not take the claim away")
                .isTrue();
        entry.unpin();
        stream.finish(entry);
        assertThat(entry.pinClaimed()).isFalse();
        assertThat(entry.snapshot().valid()).isFalse();
        assertThat(write(entry)).isEqualTo(FailedCheck.ALREADY_TOUCHED);
    }

    @Test
    void aSegmentAheadTouchesTheEntryUntilTheStreamGetsThere() {
        assertThat(stream.decide(entry, true, Arrival.AHEAD, 1000)).isEqualTo(Decision.PLACE_AND_TOUCH);
        assertThat(entry.snapshot().touched()).isTrue();
        assertThat(entry.snapshot().touchedPosition()).isEqualTo(1000);
        assertThat(stream.decide(entry, false, Arrival.NEXT, 0))
                .as("earlier segments of the message")
                .isEqualTo(Decision.PLACE);
        assertThat(stream.streamReached(999)).isZero();
        assertThat(write(entry)).isNull();
        assertThat(stream.streamReached(1000)).isEqualTo(1);
        assertThat(write(entry)).isEqualTo(FailedCheck.ALREADY_TOUCHED);
        assertThat(stream.waiting()).isZero();
    }

    @Test
    void aSecondLastSegmentOfATouchedEntryIsRefusedAndEndsIt() {
        for (Arrival arrival : Arrival.values()) {
            TableEntry touched = region(true);
            assertThat(stream.decide(touched, true, Arrival.AHEAD, 1000)).isEqualTo(Decision.PLACE_AND_TOUCH);
            assertThat(stream.decide(touched, true, arrival, 2000)).isEqualTo(Decision.REFUSE);
            assertThat(write(touched)).isEqualTo(FailedCheck.ALREADY_TOUCHED);
            assertThat(stream.waiting()).isZero();
        }
    }

    @Test
    void theSameSegmentAgainIsNotASecondMessage() {
        assertThat(stream.decide(entry, true, Arrival.AHEAD, 1000)).isEqualTo(Decision.PLACE_AND_TOUCH);
        assertThat(stream.decide(entry, true, Arrival.AHEAD, 1000)).isEqualTo(Decision.PLACE);
        assertThat(otherStream.decide(entry, true, Arrival.AHEAD, 1000)).isEqualTo(Decision.REFUSE);
    }

    @Test
    void aSegmentOutsideIsDropped() {
        assertThat(stream.decide(entry, true, Arrival.OUTSIDE, 1 << 30)).isEqualTo(Decision.DROP);
        assertThat(write(entry)).isNull();
    }

    @Test
    void aStreamThatEndsTakesWhatItTouchedWithIt() {
        TableEntry later = region(true);
        assertThat(stream.decide(entry, true, Arrival.AHEAD, 1000)).isEqualTo(Decision.PLACE_AND_TOUCH);
        assertThat(stream.decide(later, true, Arrival.AHEAD, 500)).isEqualTo(Decision.PLACE_AND_TOUCH);
        assertThat(stream.streamReached(500)).isEqualTo(1);
        assertThat(entry.valid()).isTrue();
        assertThat(later.valid()).isFalse();
        stream.streamEnded();
        assertThat(entry.valid()).isFalse();
    }

    @Test
    void aWindowThatWasUsedIsNotBoundAnyMore() {
        TableEntry region = Regions.region(table, 100);
        TagRecord window = table.allocateWindow(Regions.DOMAIN, WindowType.PROTECTION_DOMAIN);
        PreparedBinding binding =
                table.prepareBinding(window, region.record(), 0, 10, false, EnumSet.of(AccessFlag.REMOTE_WRITE));
        assertThat(table.bind(binding, Regions.DOMAIN, Regions.user(), 1)).isNull();
        TableEntry bound = table.lookup(binding.stag());
        assertThat(bound.oneTouch()).isTrue();
        assertThat(stream.decide(bound, true, Arrival.NEXT, 0)).isEqualTo(Decision.PLACE_AND_INVALIDATE);
        assertThat(region.snapshot().boundWindows()).isEqualTo(1);
        stream.finish(bound);
        assertThat(region.snapshot().boundWindows()).isZero();
        assertThat(region.valid()).isTrue();
    }

    @Test
    void deregisteringTakesAClaimAwayAndWaitsForItsPin() throws Exception {
        assertThat(stream.decide(entry, true, Arrival.NEXT, 0)).isEqualTo(Decision.PLACE_AND_INVALIDATE);
        assertThat(entry.pinClaimed()).isTrue();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> deregistered = other.submit(() -> table.deregister(entry));
            Awaitility.await().until(entry::outOfUse);
            assertThat(entry.pinClaimed()).isFalse();
            assertThat(deregistered.isDone()).isFalse();
            entry.unpin();
            deregistered.get(30, TimeUnit.SECONDS);
        } finally {
            other.shutdownNow();
        }
        stream.finish(entry);
        assertThat(table.registeredOctets()).isZero();
    }
}
