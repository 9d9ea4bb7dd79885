package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.Requirement;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.DeviceOptions.StagPolicy;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import io.verbena.verbs.EntryType;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.LimitExceededException;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.STag;
import io.verbena.verbs.TranslationMode;
import io.verbena.verbs.WindowType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Translation and protection table")
class MemoryTranslationProtectionTableTest {
    private static final List<ByteBuffer> ONE_OCTET = List.of(ByteBuffer.allocate(1));

    private final MemoryTranslationProtectionTable table = Regions.table();

    @Test
    void findsAnEntryByItsIndexAlone() {
        TableEntry region = Regions.region(table, 100);
        assertThat(table.lookup(region.stag())).isSameAs(region);
        assertThat(table.lookup(region.stag() ^ 0xFF)).isSameAs(region);
        assertThat(table.lookup(0)).isNull();
        assertThat(table.lookup(-1)).isNull();
        assertThat(table.regions()).isEqualTo(1);
        assertThat(table.registeredOctets()).isEqualTo(100);
    }

    @Test
    void forgetsADeregisteredRegion() {
        TableEntry region = Regions.region(table, 100);
        table.deregister(region);
        table.deregister(region);
        assertThat(table.lookup(region.stag())).isNull();
        assertThat(region.snapshot().valid()).isFalse();
        assertThat(table.regions()).isZero();
        assertThat(table.registeredOctets()).isZero();
    }

    @Test
    void snapshotTellsEverything() {
        RegionOptions options = RegionOptions.access(AccessFlag.REMOTE_READ)
                .withStartAddress(0x1_0000_0123L)
                .withPageOctets(1 << 13)
                .withTranslationMode(TranslationMode.FIRST_ORDER_INDIRECT);
        TableEntry region = table.register(9, List.of(ByteBuffer.allocate(20_000)), options);
        assertThat(region.snapshot())
                .isEqualTo(new MemorySnapshot(
                        region.stag(),
                        EntryType.REGION,
                        true,
                        false,
                        9,
                        -1,
                        0x1_0000_0123L,
                        20_000,
                        Set.of(AccessFlag.LOCAL_READ, AccessFlag.REMOTE_READ),
                        true,
                        false,
                        false,
                        -1,
                        TranslationMode.FIRST_ORDER_INDIRECT,
                        region.snapshot().translationPointer(),
                        0,
                        1 << 13,
                        3,
                        3,
                        0x123,
                        1,
                        0));
    }

    @Test
    void sequentialStagsFollowOneAnother() {
        MemoryTranslationProtectionTable sequential = Regions.table(3, StagPolicy.SEQUENTIAL, 1);
        TableEntry first = Regions.region(sequential, 1);
        TableEntry second = Regions.region(sequential, 1);
        assertThat(first.stag()).isEqualTo(STag.of(1, 0));
        assertThat(second.stag()).isEqualTo(STag.of(2, 0));
        sequential.deregister(first);
        assertThat(Regions.region(sequential, 1).stag()).isEqualTo(STag.of(3, 0));
        assertThat(Regions.region(sequential, 1).stag()).isEqualTo(STag.of(1, 1));
    }

    @Test
    void staleStagsNeverReachTheNewOwner() {
        MemoryTranslationProtectionTable small = Regions.table(1, StagPolicy.SEQUENTIAL, 1);
        TableEntry before = Regions.region(small, 1);
        for (int use = 0; use < 255; use++) {
            int stale = before.stag();
            small.deregister(before);
            TableEntry now = Regions.region(small, 1);
            assertThat(STag.index(now.stag())).isEqualTo(STag.index(stale));
            assertThat(AccessCheck.remote(small.lookup(stale), stale, 0, 1, Regions.user(), AccessFlag.REMOTE_READ))
                    .isEqualTo(FailedCheck.TAG_INSTANCE);
            assertThat(now.pin(stale)).isFalse();
            before = now;
        }
    }

    @Test
    @Requirement({"RDMAP-8.1.1-08", "RDMAP-8.1.1-09", "VRB-ST-06"})
    void unpredictableStagsFollowNoPattern() {
        int regions = 1000;
        int[] indexes = IntStream.range(0, regions)
                .map(i -> STag.index(Regions.region(table, 1).stag()))
                .toArray();
        Set<Integer> distinct = new HashSet<>();
        Set<Integer> steps = new HashSet<>();
        int ascending = 0;
        for (int i = 0; i < regions; i++) {
            assertThat(indexes[i]).isPositive();
            distinct.add(indexes[i]);
            if (i > 0) {
                steps.add(indexes[i] - indexes[i - 1]);
                ascending += indexes[i] > indexes[i - 1] ? 1 : 0;
            }
        }
        assertThat(distinct).hasSize(regions);
        assertThat(steps).hasSizeGreaterThan(regions * 9 / 10);
        assertThat(ascending).isBetween(regions * 4 / 10, regions * 6 / 10);
        // 65536 indexes are there to choose from: each sixteenth of them gets about a sixteenth of the regions.
        int[] inSixteenth = new int[16];
        for (int index : indexes) {
            inSixteenth[index >>> 12]++;
        }
        for (int count : inSixteenth) {
            assertThat(count).isBetween(regions / 32, regions / 8);
        }
    }

    @Test
    void firstInstancesOfUnpredictableStagsDiffer() {
        Set<Integer> instances = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            instances.add(STag.instance(Regions.region(table, 1).stag()));
        }
        assertThat(instances).hasSizeGreaterThan(200);
    }

    @Test
    void anotherSeedGivesOtherStags() {
        assertThat(Regions.region(Regions.table(9, StagPolicy.UNPREDICTABLE, 1), 1)
                        .stag())
                .isNotEqualTo(Regions.region(Regions.table(9, StagPolicy.UNPREDICTABLE, 2), 1)
                        .stag());
    }

    @Test
    void reuseOfAnUnpredictableIndexChangesTheInstance() {
        MemoryTranslationProtectionTable small = Regions.table(1, StagPolicy.UNPREDICTABLE, 5);
        int[] lastInstance = new int[STag.MAX_INDEX + 1];
        int reused = 0;
        for (int i = 0; i < 200_000; i++) {
            TableEntry region = small.register(1, ONE_OCTET, RegionOptions.defaults());
            int index = STag.index(region.stag());
            int instance = STag.instance(region.stag());
            if (lastInstance[index] != 0) {
                assertThat(instance).isEqualTo(lastInstance[index] & 0xFF);
                reused++;
            }
            lastInstance[index] = 0x100 | ((instance + 1) & 0xFF);
            small.deregister(region);
        }
        assertThat(reused).isGreaterThan(100_000);
    }

    @Test
    @Requirement("VRB-MR-06")
    void refusesOneRegionTooManyAndLeavesNothingBehind() {
        MemoryTranslationProtectionTable small = Regions.table(2, StagPolicy.UNPREDICTABLE, 1);
        TableEntry first = Regions.region(small, 10);
        Regions.region(small, 10);
        assertThatThrownBy(() -> Regions.region(small, 10))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContaining("maxRegions")
                .hasMessageContaining("2");
        assertThat(small.regions()).isEqualTo(2);
        assertThat(small.registeredOctets()).isEqualTo(20);
        small.deregister(first);
        Regions.region(small, 10);
    }

    @Test
    void refusesRegionsWithoutOctets() {
        assertThatThrownBy(() -> table.register(1, List.of(), RegionOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one octet");
        assertThatThrownBy(() -> table.register(1, List.of(ByteBuffer.allocate(0)), RegionOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(table.regions()).isZero();
    }

    @Test
    @Requirement("RDMAP-8.1.2-04")
    void readOnlyBuffersGetNoWriteRight() {
        List<ByteBuffer> readOnly = List.of(ByteBuffer.allocate(8).asReadOnlyBuffer());
        assertThatThrownBy(() -> table.register(1, readOnly, RegionOptions.access(AccessFlag.LOCAL_WRITE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("read-only");
        assertThat(table.register(1, readOnly, RegionOptions.access(AccessFlag.REMOTE_READ))
                        .valid())
                .isTrue();
    }

    @Test
    void refusesARangeThatPassesTheLastAddress() {
        List<ByteBuffer> ten = List.of(ByteBuffer.allocate(10));
        assertThatThrownBy(() -> table.register(1, ten, RegionOptions.defaults().withStartAddress(-9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2^64");
        assertThat(table.register(1, ten, RegionOptions.defaults().withStartAddress(-10))
                        .startAddress())
                .isEqualTo(-10);
    }

    @Test
    void deviceChosenRangesAreAlignedAndDoNotOverlap() {
        List<TableEntry> regions = new ArrayList<>();
        for (int octets : new int[] {1, 5000, 70_000, 3, 2_000_000, 4096}) {
            regions.add(Regions.region(table, octets));
        }
        long end = 1;
        for (TableEntry region : regions) {
            assertThat(region.startAddress()).isGreaterThanOrEqualTo(end);
            assertThat(region.startAddress() % region.snapshot().pageOctets()).isZero();
            end = region.startAddress() + region.lengthOctets();
        }
    }

    @Test
    void zeroBasedRegionsBeginAtZero() {
        assertThat(table.register(1, ONE_OCTET, RegionOptions.defaults().withZeroBase())
                        .startAddress())
                .isZero();
    }

    @Test
    void laterChangesOfPositionAndLimitDoNotMatter() {
        ByteBuffer lent = ByteBuffer.allocate(100).position(10).limit(60);
        TableEntry region = table.register(1, List.of(lent), Regions.READ_WRITE);
        lent.clear().position(99);
        assertThat(region.lengthOctets()).isEqualTo(50);
        MemoryCursor cursor = new MemoryCursor();
        cursor.reset(region, region.startAddress(), 50);
        cursor.copyIn(ByteBuffer.wrap(new byte[] {1, 2, 3}), 1, 2);
        assertThat(lent.get(10)).isEqualTo((byte) 2);
        assertThat(lent.get(11)).isEqualTo((byte) 3);
        assertThat(lent.position()).isEqualTo(99);
    }

    @Test
    void dumpShowsALineForEachEntry() {
        MemoryTranslationProtectionTable sequential =
                Regions.table(5, 5, StagPolicy.SEQUENTIAL, WindowLifetime.ONE_TOUCH, 1);
        TableEntry region = sequential.register(
                7,
                List.of(ByteBuffer.allocate(5000)),
                RegionOptions.access(AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_READ, AccessFlag.WINDOW_BIND));
        TableEntry zeroBased =
                sequential.register(8, ONE_OCTET, RegionOptions.defaults().withZeroBase());
        sequential.registerShared(7, zeroBased.record(), RegionOptions.defaults());
        TagRecord window = sequential.allocateWindow(7, WindowType.QUEUE_PAIR);
        sequential.allocateRegion(7, 16, true);
        sequential.bind(
                sequential.prepareBinding(window, region.record(), 16, 256, false, EnumSet.of(AccessFlag.REMOTE_WRITE)),
                7,
                "a queue pair",
                3);
        assertThat(sequential.dump()).isEqualTo("""
                         index  key  type   state   owner     start                    octets  rights   page   pages translation   windows   note
                        000001   00  region valid   domain 7  0x0000000010000000         5000  lLr--B   8K       1/1 direct        1
                        000002   00  region valid   domain 8  0x0000000000000000            1  l-----   4K       1/1 direct        0         shared by 2, local only
                        000003   00  region valid   domain 7  0x0000000010002000            1  l-----   4K       1/1 direct        0         shared by 2, local only
                        000004   00  window valid   qp 3      0x0000000010000010          256  ---R--   8K         1 direct        -         one-touch, over region 0x00000100
                        000005   00  region invalid domain 7  -                             -  -        -       0/16 -             0
                        4 regions with 5002 valid octets, 1 window
                        rights: l/L local read/write, r/R remote read/write, A remote atomic, B windows may be bound; note: what else is special
                        """);
    }
}
