package io.verbena.testkit.simulated;

import static io.verbena.testkit.simulated.ScriptedPair.OCTETS;
import static io.verbena.testkit.simulated.ScriptedPair.requireOnly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.verbena.testkit.HexVectors;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.MemoryWindow;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import io.verbena.verbs.WindowBinding;
import io.verbena.verbs.WindowType;
import io.verbena.verbs.WorkCompletion;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The decision table of one-touch memory, row by row, with segments in every order (SYS-MEM-12, SYS-MEM-13): when the last
 * segment of a message arrives next in the stream, ahead of it, or outside the window, and what becomes of the entry when the
 * gap closes.
 */
@Tag("sim")
@Timeout(60)
class OneTouchTableTest {
    /** What stands behind the STag that the client writes to. */
    enum Kind {
        REGION,
        WINDOW_OF_DOMAIN,
        WINDOW_OF_QUEUE_PAIR
    }

    private final ByteBuffer octets = ByteBuffer.allocateDirect(OCTETS);
    private final ByteBuffer others = ByteBuffer.allocateDirect(OCTETS);
    private RemoteRegion remote;
    private Supplier<MemorySnapshot> entry;

    /** Makes one-touch memory of the server that the client may write to. */
    private ScriptedPair open(Kind kind) {
        ScriptedPair pair = new ScriptedPair();
        grant(pair, kind);
        return pair;
    }

    private void grant(ScriptedPair pair, Kind kind) {
        if (kind == Kind.REGION) {
            MemoryRegion region = pair.server()
                    .register(
                            List.of(octets),
                            RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE)
                                    .withOneTouch(true));
            remote = region.remote(0, OCTETS);
            entry = region::query;
            return;
        }
        MemoryRegion region = pair.server().register(octets, AccessFlag.WINDOW_BIND);
        MemoryWindow window = pair.server()
                .domain()
                .allocateWindow(kind == Kind.WINDOW_OF_DOMAIN ? WindowType.PROTECTION_DOMAIN : WindowType.QUEUE_PAIR);
        WindowBinding binding = window.binding(region, 0, OCTETS, AccessFlag.REMOTE_WRITE);
        pair.server()
                .queuePair()
                .postSend(new SendRequest().bindWindow(binding))
                .orThrow();
        pair.network().settle();
        assertThat(pair.sent(pair.server())).singleElement().matches(WorkCompletion::success);
        pair.adopt(window);
        remote = binding.remote();
        entry = window::query;
    }

    /** Posts a Write of {@code length} octets from offset 0 and returns the number of its FPDUs. */
    private int write(ScriptedPair pair, int length) {
        return pair.post(new SendRequest().write(remote.slice(0, length)).local(pair.source(), 0, length));
    }

    private static int firstOctet(ByteBuffer in) {
        int at = 0;
        while (in.get(at) == 0) {
            at++;
        }
        return at;
    }

    private void requireUntouched() {
        assertThat(entry.get())
                .returns(true, MemorySnapshot::valid)
                .returns(true, MemorySnapshot::oneTouch)
                .returns(false, MemorySnapshot::touched)
                .returns(-1L, MemorySnapshot::touchedPosition);
    }

    private static void requireTerminated(ScriptedPair pair) {
        assertThat(pair.server().queuePair().state()).isNotEqualTo(QueuePairState.RTS);
        assertThat(pair.server().awaitEvents(1))
                .extracting(event -> event.cause().check())
                .containsExactly(FailedCheck.ALREADY_TOUCHED);
        pair.release();
        assertThat(pair.client().queuePair().query().terminate()).isNotNull();
    }

    // ---- Last clear ----

    @ParameterizedTest
    @EnumSource
    @Requirement({"SYS-MEM-12", "SYS-MEM-13"})
    void lastClearIsPlacedAheadOrNext(Kind kind) {
        try (ScriptedPair pair = open(kind)) {
            assertThat(write(pair, 3000)).isEqualTo(3);
            pair.deliver(1);
            assertThat(firstOctet(octets)).isBetween(1000, 1100);
            requireUntouched();
            pair.deliver(0);
            requireOnly(octets, 0, 2 * ScriptedPair.TAGGED_PAYLOAD_OCTETS);
            requireUntouched();
        }
    }

    // ---- Last set, one-touch off ----

    @Test
    @Requirement({"SYS-MEM-12", "SYS-MEM-13"})
    void withoutOneTouchTheEntryStaysValid() {
        try (ScriptedPair pair = new ScriptedPair()) {
            MemoryRegion region = pair.server().register(octets, AccessFlag.REMOTE_WRITE);
            pair.write(region, 2000);
            pair.deliver(1);
            assertThat(region.query()).returns(true, MemorySnapshot::valid).returns(false, MemorySnapshot::touched);
            pair.deliver(0);
            assertThat(region.query()).returns(true, MemorySnapshot::valid).returns(false, MemorySnapshot::oneTouch);
            requireOnly(octets, 0, 2000);
        }
    }

    // ---- Last set, next ----

    @ParameterizedTest
    @EnumSource
    @Requirement({"SYS-MEM-12", "SYS-MEM-13"})
    void lastSetNextInTheStreamIsPlacedAndInvalidates(Kind kind) {
        try (ScriptedPair pair = open(kind)) {
            write(pair, 2000);
            pair.deliver(0);
            requireUntouched();
            pair.deliver(1);
            requireOnly(octets, 0, 2000);
            assertThat(entry.get()).returns(false, MemorySnapshot::valid).returns(false, MemorySnapshot::touched);
            assertThat(pair.answers()).as("the peer hears nothing").isZero();
        }
    }

    // ---- Last set, ahead ----

    @ParameterizedTest
    @EnumSource
    @Requirement({"SYS-MEM-02", "SYS-MEM-12", "SYS-MEM-13"})
    void lastSetAheadIsPlacedAndTouchesUntilTheStreamGetsThere(Kind kind) {
        try (ScriptedPair pair = open(kind)) {
            write(pair, 3000);
            pair.deliver(2);
            requireOnly(octets, firstOctet(octets), 3000);
            assertThat(firstOctet(octets)).isGreaterThan(2000);
            assertThat(entry.get())
                    .returns(true, MemorySnapshot::valid)
                    .returns(true, MemorySnapshot::touched)
                    .returns(pair.position(2), MemorySnapshot::touchedPosition);
            // Earlier segments of that message are placed until the gap closes.
            pair.deliver(1);
            assertThat(firstOctet(octets)).isBetween(1000, 1100);
            assertThat(entry.get()).returns(true, MemorySnapshot::valid).returns(true, MemorySnapshot::touched);
            pair.deliver(0);
            requireOnly(octets, 0, 3000);
            assertThat(entry.get()).returns(false, MemorySnapshot::valid).returns(false, MemorySnapshot::touched);
            assertThat(pair.answers()).as("the peer hears nothing").isZero();
            assertThat(pair.server().queuePair().state()).isEqualTo(QueuePairState.RTS);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Requirement({"SYS-MEM-12", "SYS-MEM-13"})
    void theGapMayCloseInStepsWithOtherMessagesBetween(Kind kind) {
        try (ScriptedPair pair = open(kind)) {
            pair.server().postReceive(1, pair.server().register(others));
            MemoryRegion plain = pair.server().register(OCTETS, AccessFlag.REMOTE_WRITE);
            pair.send(500);
            write(pair, 2000);
            pair.write(plain, 700);
            pair.send(0);
            pair.server().postEmptyReceive(2);
            // 0: Send, 1 and 2: the message, 3: another Write, 4: Send
            pair.deliver(4, 2, 3);
            assertThat(entry.get()).returns(pair.position(2), MemorySnapshot::touchedPosition);
            pair.deliver(0);
            assertThat(pair.receive(pair.server()))
                    .extracting(WorkCompletion::id)
                    .containsExactly(1L);
            assertThat(entry.get()).returns(true, MemorySnapshot::valid).returns(true, MemorySnapshot::touched);
            pair.deliver(1);
            assertThat(entry.get()).returns(false, MemorySnapshot::valid);
            requireOnly(octets, 0, 2000);
            assertThat(pair.receive(pair.server()))
                    .extracting(WorkCompletion::id)
                    .containsExactly(2L);
        }
    }

    @Test
    @Requirement({"SYS-MEM-12", "SYS-MEM-13"})
    void eachEntryWaitsForItsOwnPlaceInTheStream() {
        try (ScriptedPair pair = open(Kind.REGION)) {
            RegionOptions oneTouch = RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE)
                    .withOneTouch(true);
            MemoryRegion second = pair.server().register(List.of(others), oneTouch);
            write(pair, 2000);
            pair.write(second, 2000);
            // 0 and 1: one message, 2 and 3: the other. Both are touched by their last segments.
            pair.deliver(3, 1);
            assertThat(entry.get()).returns(pair.position(1), MemorySnapshot::touchedPosition);
            assertThat(second.query()).returns(pair.position(3), MemorySnapshot::touchedPosition);
            pair.deliver(0);
            assertThat(entry.get()).returns(false, MemorySnapshot::valid);
            assertThat(second.query()).returns(true, MemorySnapshot::valid).returns(true, MemorySnapshot::touched);
            pair.deliver(2);
            assertThat(second.query()).returns(false, MemorySnapshot::valid);
            requireOnly(octets, 0, 2000);
            requireOnly(others, 0, 2000);
            assertThat(pair.server().queuePair().state()).isEqualTo(QueuePairState.RTS);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Requirement({"SYS-MEM-12", "SYS-MEM-13"})
    void aDuplicateOfTheLastSegmentIsNoSecondTouch(Kind kind) {
        try (ScriptedPair pair = open(kind)) {
            write(pair, 2000);
            pair.deliver(1, 1);
            assertThat(entry.get()).returns(true, MemorySnapshot::valid).returns(true, MemorySnapshot::touched);
            pair.deliver(0, 1);
            assertThat(entry.get()).returns(false, MemorySnapshot::valid);
            requireOnly(octets, 0, 2000);
            assertThat(pair.server().queuePair().state()).isEqualTo(QueuePairState.RTS);
        }
    }

    // ---- Last set, already touched ----

    @ParameterizedTest
    @EnumSource
    @Requirement({"SYS-MEM-12", "SYS-MEM-13"})
    void alreadyTouchedAndNextInvalidatesPlacesNothingAndTerminates(Kind kind) {
        try (ScriptedPair pair = open(kind)) {
            write(pair, 2000);
            pair.post(new SendRequest().write(remote.slice(5000, 500)).local(pair.source(), 5000, 500));
            // The second message arrives first, and touches.
            pair.deliver(2);
            requireOnly(octets, 5000, 5500);
            pair.deliver(0);
            assertThat(entry.get()).returns(true, MemorySnapshot::valid).returns(true, MemorySnapshot::touched);
            pair.deliver(1);
            assertThat(entry.get()).returns(false, MemorySnapshot::valid);
            assertThat(octets.get(1999)).as("not placed").isZero();
            requireTerminated(pair);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Requirement({"SYS-MEM-12", "SYS-MEM-13"})
    void alreadyTouchedAndAheadInvalidatesAtOnceAndTerminatesInItsTurn(Kind kind) {
        try (ScriptedPair pair = open(kind)) {
            pair.server().postReceive(1, pair.server().register(others));
            pair.server().postEmptyReceive(2);
            pair.send(300);
            write(pair, 1000);
            pair.send(0);
            pair.post(new SendRequest().write(remote.slice(5000, 500)).local(pair.source(), 5000, 500));
            // 0: Send, 1: the message, 2: Send, 3: one message more
            pair.deliver(1);
            assertThat(entry.get()).returns(true, MemorySnapshot::touched);
            pair.deliver(3);
            assertThat(entry.get()).returns(false, MemorySnapshot::valid);
            requireOnly(octets, 0, 1000);
            assertThat(pair.server().queuePair().state()).isEqualTo(QueuePairState.RTS);
            pair.deliver(0);
            assertThat(pair.receive(pair.server()))
                    .extracting(WorkCompletion::id)
                    .containsExactly(1L);
            assertThat(pair.server().queuePair().state()).isEqualTo(QueuePairState.RTS);
            pair.deliver(2);
            assertThat(pair.receive(pair.server()))
                    .extracting(WorkCompletion::id, WorkCompletion::success)
                    .containsExactly(tuple(2L, true));
            requireTerminated(pair);
            requireOnly(octets, 0, 1000);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Requirement({"SYS-MEM-12", "SYS-MEM-13"})
    void aSecondMessageBehindTheGapIsRefusedWhenTheFirstHasBeenReached(Kind kind) {
        try (ScriptedPair pair = open(kind)) {
            write(pair, 2000);
            pair.deliver(1, 0);
            assertThat(entry.get()).returns(false, MemorySnapshot::valid);
            pair.post(new SendRequest().write(remote.slice(5000, 500)).local(pair.source(), 5000, 500));
            pair.deliver(2);
            requireOnly(octets, 0, 2000);
            requireTerminated(pair);
        }
    }

    // ---- Last set, outside ----

    @ParameterizedTest
    @EnumSource
    @Requirement({"SYS-MEM-12", "SYS-MEM-13"})
    void lastSetOutsideTheWindowIsDropped(Kind kind) {
        try (ScriptedPair pair =
                new ScriptedPair(OutOfOrder.scripted().withAheadOctets(3100), PairOptions.defaults())) {
            grant(pair, kind);
            write(pair, 4000);
            pair.deliver(3);
            assertThat(pair.toServer().droppedOutside()).isEqualTo(1);
            requireUntouched();
            requireOnly(octets, 0, 0);
            // The gap moves: it is sent again, is inside the window now, and touches; then the gap closes.
            pair.deliver(0);
            assertThat(entry.get()).returns(pair.position(3), MemorySnapshot::touchedPosition);
            pair.deliver(2, 1);
            assertThat(entry.get()).returns(false, MemorySnapshot::valid);
            requireOnly(octets, 0, 4000);
        }
    }

    // ---- Read Responses, and the end of a stream ----

    @Test
    @Requirement({"SYS-MEM-12", "SYS-MEM-13"})
    void theResponseToAReadUsesUpItsSinkInTheSameWay() {
        try (ScriptedPair pair = new ScriptedPair()) {
            octets.put(0, HexVectors.pattern(OCTETS));
            MemoryRegion readable = pair.server().register(octets, AccessFlag.REMOTE_READ);
            MemoryRegion sink = pair.client()
                    .register(
                            List.of(others),
                            RegionOptions.access(AccessFlag.LOCAL_WRITE).withOneTouch(true));
            pair.post(new SendRequest().read(readable.remote(0, 3000)).id(5).local(sink, 0, 3000));
            pair.deliver(0);
            assertThat(pair.answers()).isEqualTo(3);
            pair.deliverToClient(2);
            assertThat(sink.query()).returns(true, MemorySnapshot::valid).returns(true, MemorySnapshot::touched);
            pair.deliverToClient(1);
            assertThat(firstOctet(others)).isBetween(1000, 1100);
            pair.deliverToClient(0);
            requireOnly(others, 0, 3000);
            assertThat(sink.query()).returns(false, MemorySnapshot::valid);
            assertThat(pair.sent(pair.client()))
                    .extracting(WorkCompletion::id, WorkCompletion::success)
                    .containsExactly(tuple(5L, true));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REGION", "WINDOW_OF_DOMAIN"})
    void whatAStreamHasTouchedIsOutOfUseWhenItEnds(Kind kind) {
        try (ScriptedPair pair = open(kind)) {
            write(pair, 2000);
            pair.deliver(1);
            assertThat(entry.get()).returns(true, MemorySnapshot::valid).returns(true, MemorySnapshot::touched);
            pair.client().queuePair().abort();
            pair.network().settle();
            assertThat(entry.get()).returns(false, MemorySnapshot::valid);
        }
    }
}
