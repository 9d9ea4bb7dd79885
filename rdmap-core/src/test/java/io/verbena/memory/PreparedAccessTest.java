package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.DeviceOptions.StagPolicy;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.ResourceInUseException;
import io.verbena.verbs.STag;
import io.verbena.verbs.WindowType;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the send queue asks of the table: fast registration, binding, invalidation. */
@DisplayName("Fast registration, binding and invalidation")
class PreparedAccessTest {
    private static final int OTHER_DOMAIN = Regions.DOMAIN + 1;
    private static final Set<AccessFlag> WRITE = EnumSet.of(AccessFlag.REMOTE_WRITE);

    private final MemoryTranslationProtectionTable table = Regions.table();
    private final MemoryUser queuePair = Regions.user();
    private final MemoryUser otherQueuePair = Regions.user();

    private PreparedRegistration prepare(TagRecord region, int octets) {
        return table.prepareRegistration(
                region, List.of(ByteBuffer.allocate(octets)), Regions.ALL_RIGHTS.withPageOctets(4096));
    }

    private FailedCheck register(PreparedRegistration prepared) {
        return table.fastRegister(prepared, Regions.DOMAIN);
    }

    private FailedCheck bind(PreparedBinding prepared) {
        return table.bind(prepared, Regions.DOMAIN, queuePair, 7);
    }

    private FailedCheck invalidate(int stag) {
        return table.invalidate(stag, Regions.DOMAIN, queuePair, Invalidator.LOCAL);
    }

    private PreparedBinding prepare(TagRecord window, TableEntry region, long offset, long length) {
        return table.prepareBinding(window, region.record(), offset, length, false, WRITE);
    }

    @Test
    void anAllocatedRegionBecomesValidUnderTheStagThatItShows() {
        TagRecord region = table.allocateRegion(Regions.DOMAIN, 4, true);
        int first = region.current().stag();
        assertThat(region.current().valid()).isFalse();
        PreparedRegistration prepared = prepare(region, 100);
        assertThat(prepared.stag()).isEqualTo(first);
        assertThat(register(prepared)).isNull();
        assertThat(table.lookup(first)).isSameAs(region.current());
        assertThat(region.current().valid()).isTrue();
        assertThat(region.current().lengthOctets()).isEqualTo(100);
        assertThat(table.registeredOctets()).isEqualTo(100);
        assertThat(invalidate(first)).isNull();
        assertThat(table.registeredOctets()).isZero();
        PreparedRegistration again = prepare(region, 50);
        assertThat(again.stag()).isNotEqualTo(first);
        assertThat(STag.index(again.stag())).isEqualTo(STag.index(first));
    }

    @Test
    void fastRegistrationNamesTheFirstCheckThatFails() {
        TagRecord closed = table.allocateRegion(Regions.DOMAIN, 1, false);
        PreparedRegistration ofClosed = prepare(closed, 5000);
        table.deregister(closed);
        assertThat(table.fastRegister(ofClosed, OTHER_DOMAIN)).isEqualTo(FailedCheck.ENTRY_VALID);

        TagRecord region = table.allocateRegion(Regions.DOMAIN, 1, false);
        PreparedRegistration tooLongAndRemote = prepare(region, 5000);
        PreparedRegistration remote = prepare(region, 100);
        PreparedRegistration fits =
                table.prepareRegistration(region, List.of(ByteBuffer.allocate(8)), Regions.READ_WRITE);
        assertThat(table.fastRegister(tooLongAndRemote, OTHER_DOMAIN)).isEqualTo(FailedCheck.PROTECTION_DOMAIN);
        assertThat(register(tooLongAndRemote)).isEqualTo(FailedCheck.PAGE_LIST_ROOM);
        assertThat(register(remote)).isEqualTo(FailedCheck.REMOTE_ACCESS_NOT_RESERVED);
        assertThat(region.current().valid()).isFalse();
        assertThat(register(fits)).isNull();
        assertThat(table.fastRegister(remote, OTHER_DOMAIN)).isEqualTo(FailedCheck.TAG_INSTANCE);
        assertThat(table.fastRegister(fits, OTHER_DOMAIN)).isEqualTo(FailedCheck.TAG_INSTANCE);
        assertThat(register(prepare(region, 5000))).isEqualTo(FailedCheck.ENTRY_NOT_INVALID);
    }

    @Test
    void onesThatWereDroppedBlockNothingAndOneThatFailedCanBePostedAgain() {
        TagRecord region = table.allocateRegion(Regions.DOMAIN, 4, true);
        prepare(region, 1);
        PreparedRegistration second = prepare(region, 2);
        assertThat(table.fastRegister(second, OTHER_DOMAIN)).isEqualTo(FailedCheck.PROTECTION_DOMAIN);
        assertThat(register(second)).isNull();
        invalidate(second.stag());
        for (int i = 0; i < 1000; i++) {
            prepare(region, 3);
        }
        PreparedRegistration last = prepare(region, 4);
        assertThat(register(last)).isNull();
        invalidate(last.stag());
        assertThat(register(second)).isEqualTo(FailedCheck.TAG_INSTANCE);
    }

    @Test
    void aStagThatWasPreparedIsNotGivenToTheNextOwnerOfTheIndex() {
        MemoryTranslationProtectionTable small = Regions.table(1, StagPolicy.SEQUENTIAL, 1);
        TagRecord region = small.allocateRegion(Regions.DOMAIN, 4, true);
        PreparedRegistration prepared = null;
        for (int i = 0; i < 5; i++) {
            prepared = small.prepareRegistration(region, List.of(ByteBuffer.allocate(1)), Regions.ALL_RIGHTS);
        }
        small.deregister(region);
        TagRecord next = small.allocateRegion(Regions.DOMAIN, 4, true);
        assertThat(next.current().stag()).isEqualTo(prepared.stag() + 1);
    }

    @Test
    void aWindowClaimedByAMessageIsStillItsQueuePairsOwn() {
        TableEntry region = Regions.region(table, 100);
        TagRecord window = table.allocateWindow(Regions.DOMAIN, WindowType.QUEUE_PAIR);
        PreparedBinding binding = prepare(window, region, 0, 100);
        assertThat(bind(binding)).isNull();
        TableEntry bound = table.lookup(binding.stag());
        assertThat(bound.claim()).isTrue();
        for (Invalidator who : Invalidator.values()) {
            assertThat(table.invalidate(binding.stag(), Regions.DOMAIN, otherQueuePair, who))
                    .isEqualTo(FailedCheck.QUEUE_PAIR_ASSOCIATION);
        }
        assertThat(bound.pinClaimed()).isTrue();
        bound.unpin();
        assertThat(invalidate(binding.stag())).isNull();
        assertThat(bound.pinClaimed())
                .as("a claim does not outlive the invalidate")
                .isFalse();
        assertThat(bound.valid()).isFalse();
    }

    @Test
    void aWindowIsNoLocalMemoryWhateverElseIsWrong() {
        TableEntry region = Regions.region(table, 100);
        TagRecord window = table.allocateWindow(Regions.DOMAIN, WindowType.PROTECTION_DOMAIN);
        PreparedBinding binding = prepare(window, region, 0, 100);
        assertThat(bind(binding)).isNull();
        assertThat(AccessCheck.local(
                        table.lookup(binding.stag()), binding.stag() ^ 1, -1, 2, OTHER_DOMAIN, AccessFlag.LOCAL_READ))
                .isEqualTo(FailedCheck.ENTRY_TYPE);
    }

    @Test
    void aWindowLeadsToTheOctetsOfItsRegion() {
        ByteBuffer octets = ByteBuffer.allocate(100);
        TableEntry region = table.register(Regions.DOMAIN, List.of(octets), Regions.ALL_RIGHTS);
        TagRecord window = table.allocateWindow(Regions.DOMAIN, WindowType.QUEUE_PAIR);
        PreparedBinding binding = table.prepareBinding(window, region.record(), 40, 10, true, WRITE);
        assertThat(binding.startAddress()).isZero();
        assertThat(bind(binding)).isNull();
        TableEntry bound = table.lookup(binding.stag());
        assertThat(AccessCheck.remote(bound, binding.stag(), 2, 8, queuePair, AccessFlag.REMOTE_WRITE))
                .isNull();
        MemoryCursor cursor = new MemoryCursor();
        cursor.reset(bound, 2, 3);
        cursor.copyIn(ByteBuffer.wrap(new byte[] {7, 8, 9}), 0, 3);
        assertThat(octets.get(42)).isEqualTo((byte) 7);
        assertThat(octets.get(44)).isEqualTo((byte) 9);
        assertThat(region.snapshot().boundWindows()).isEqualTo(1);
        assertThat(bound.snapshot().queuePairNumber()).isEqualTo(7);
    }

    @Test
    void bindingNamesTheFirstCheckThatFails() {
        TableEntry region = Regions.region(table, 100);
        TagRecord window = table.allocateWindow(Regions.DOMAIN, WindowType.QUEUE_PAIR);
        TableEntry noBinding = table.register(
                Regions.DOMAIN,
                List.of(ByteBuffer.allocate(100)),
                RegionOptions.access(AccessFlag.LOCAL_WRITE).withZeroBase());
        TableEntry zeroBased =
                table.register(OTHER_DOMAIN, List.of(ByteBuffer.allocate(100)), Regions.ALL_RIGHTS.withZeroBase());
        TableEntry foreign = table.register(OTHER_DOMAIN, List.of(ByteBuffer.allocate(100)), Regions.ALL_RIGHTS);
        TableEntry noWriting = table.register(
                Regions.DOMAIN, List.of(ByteBuffer.allocate(100)), RegionOptions.access(AccessFlag.WINDOW_BIND));
        TableEntry gone = Regions.region(table, 100);
        PreparedBinding onGone = prepare(window, gone, 0, 1000);
        table.deregister(gone);

        assertThat(bind(onGone)).isEqualTo(FailedCheck.ENTRY_VALID);
        assertThat(bind(prepare(window, noBinding, 90, 20))).isEqualTo(FailedCheck.WINDOW_BIND_RIGHT);
        assertThat(bind(prepare(window, zeroBased, 90, 20))).isEqualTo(FailedCheck.ZERO_BASED_REGION);
        assertThat(bind(prepare(window, foreign, 90, 20))).isEqualTo(FailedCheck.PROTECTION_DOMAIN);
        assertThat(bind(prepare(window, noWriting, 90, 20))).isEqualTo(FailedCheck.BASE_AND_BOUNDS);
        assertThat(bind(prepare(window, noWriting, 90, 10))).isEqualTo(FailedCheck.WINDOW_RIGHTS);
        assertThat(window.current().valid()).isFalse();
        PreparedBinding older = prepare(window, region, 0, 1);
        PreparedBinding good = prepare(window, region, 90, 10);
        assertThat(bind(good)).isNull();
        assertThat(bind(older)).isEqualTo(FailedCheck.TAG_INSTANCE);
        assertThat(bind(prepare(window, gone(), 0, 1000))).isEqualTo(FailedCheck.ENTRY_NOT_INVALID);
        PreparedBinding ofFreed = prepare(window, region, 0, 1);
        table.freeWindow(window);
        assertThat(bind(ofFreed)).isEqualTo(FailedCheck.ENTRY_VALID);
        assertThat(table.windows()).isZero();
        assertThat(region.snapshot().boundWindows()).isZero();
    }

    private TableEntry gone() {
        return Regions.region(table, 1);
    }

    @Test
    void aWindowOfADomainIsReboundAndUnboundWithoutInvalidate() {
        TableEntry region = Regions.region(table, 100);
        TagRecord window = table.allocateWindow(Regions.DOMAIN, WindowType.PROTECTION_DOMAIN);
        PreparedBinding first = prepare(window, region, 0, 10);
        PreparedBinding second = prepare(window, region, 50, 10);
        PreparedBinding none = prepare(window, region, 0, 0);
        assertThat(bind(first)).isNull();
        TableEntry before = table.lookup(first.stag());
        assertThat(bind(second)).isNull();
        assertThat(before.valid()).isFalse();
        assertThat(region.snapshot().boundWindows()).isEqualTo(1);
        assertThat(AccessCheck.remote(
                        table.lookup(second.stag()),
                        second.stag(),
                        region.startAddress() + 50,
                        10,
                        otherQueuePair,
                        AccessFlag.REMOTE_WRITE))
                .isNull();
        assertThat(bind(none)).isNull();
        assertThat(table.lookup(none.stag()).valid()).isFalse();
        assertThat(region.snapshot().boundWindows()).isZero();
        assertThat(bind(second)).isEqualTo(FailedCheck.TAG_INSTANCE);
    }

    @Test
    void aRegionWithWindowsStays() {
        TableEntry region = Regions.region(table, 100);
        TagRecord window = table.allocateWindow(Regions.DOMAIN, WindowType.QUEUE_PAIR);
        PreparedBinding binding = prepare(window, region, 0, 10);
        assertThat(bind(binding)).isNull();
        assertThatThrownBy(() -> table.deregister(region))
                .isInstanceOf(ResourceInUseException.class)
                .hasMessageContaining(STag.toString(binding.stag()));
        assertThat(invalidate(region.stag())).isEqualTo(FailedCheck.WINDOWS_BOUND);
        assertThat(region.valid()).isTrue();
        assertThat(invalidate(binding.stag())).isNull();
        table.deregister(region);
        assertThat(table.lookup(region.stag())).isNull();
    }

    @Test
    void invalidationNamesTheFirstCheckThatFails() {
        TableEntry region = Regions.region(table, 100);
        TagRecord window = table.allocateWindow(Regions.DOMAIN, WindowType.QUEUE_PAIR);
        PreparedBinding binding = prepare(window, region, 0, 10);
        assertThat(bind(binding)).isNull();
        int stale = binding.stag() ^ 1;
        assertThat(table.invalidate(stale, OTHER_DOMAIN, otherQueuePair, Invalidator.PEER))
                .isEqualTo(FailedCheck.QUEUE_PAIR_ASSOCIATION);
        assertThat(table.invalidate(stale, OTHER_DOMAIN, queuePair, Invalidator.PEER))
                .isEqualTo(FailedCheck.TAG_INSTANCE);
        assertThat(table.invalidate(binding.stag(), OTHER_DOMAIN, queuePair, Invalidator.PEER))
                .isNull();
        assertThat(invalidate(stale)).isNull();
        assertThat(table.invalidate(stale, OTHER_DOMAIN, queuePair, Invalidator.PEER))
                .isEqualTo(FailedCheck.PROTECTION_DOMAIN);
        assertThat(invalidate(0)).isEqualTo(FailedCheck.ENTRY_VALID);

        TableEntry local = table.register(Regions.DOMAIN, List.of(ByteBuffer.allocate(1)), Regions.READ_WRITE);
        assertThat(table.invalidate(local.stag(), Regions.DOMAIN, queuePair, Invalidator.PEER))
                .isEqualTo(FailedCheck.ACCESS_RIGHT);
        assertThat(table.invalidate(local.stag(), Regions.DOMAIN, queuePair, Invalidator.READ))
                .isNull();
    }

    @Test
    void windowsOfAQueuePairGoWithIt() {
        TableEntry region = Regions.region(table, 100);
        TagRecord mine = table.allocateWindow(Regions.DOMAIN, WindowType.QUEUE_PAIR);
        TagRecord others = table.allocateWindow(Regions.DOMAIN, WindowType.QUEUE_PAIR);
        TagRecord everybodys = table.allocateWindow(Regions.DOMAIN, WindowType.PROTECTION_DOMAIN);
        assertThat(bind(prepare(mine, region, 0, 10))).isNull();
        assertThat(bind(prepare(everybodys, region, 0, 10))).isNull();
        assertThat(table.bind(prepare(others, region, 0, 10), Regions.DOMAIN, otherQueuePair, 8))
                .isNull();
        table.invalidateWindowsOf(queuePair);
        assertThat(mine.current().valid()).isFalse();
        assertThat(others.current().valid()).isTrue();
        assertThat(everybodys.current().valid()).isTrue();
        assertThat(region.snapshot().boundWindows()).isEqualTo(2);
    }
}
