package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.FailedCheck;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.ResourceInUseException;
import io.verbena.verbs.STag;
import io.verbena.verbs.TranslationMode;
import io.verbena.verbs.WindowType;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Regions that share translation entries, and regions that are changed. */
@DisplayName("Shared and reregistered regions")
class SharedAndReregisteredTest {
    private static final int OTHER_DOMAIN = Regions.DOMAIN + 1;
    private static final Set<AccessFlag> READ = EnumSet.of(AccessFlag.LOCAL_READ, AccessFlag.REMOTE_READ);

    private final MemoryTranslationProtectionTable table = Regions.table();
    private final TableEntry region = Regions.region(table, 10_000);

    private TableEntry share(TableEntry existing, RegionOptions options) {
        return table.registerShared(OTHER_DOMAIN, existing.record(), options);
    }

    private FailedCheck invalidate(TableEntry entry) {
        return table.invalidate(entry.stag(), entry.protectionDomain(), this, Invalidator.LOCAL);
    }

    @Test
    void sharersHaveTheirOwnEntriesOverTheSameTranslation() {
        TableEntry second = share(region, RegionOptions.access(AccessFlag.REMOTE_READ));
        TableEntry third = share(second, RegionOptions.defaults());
        assertThat(second.translation()).isSameAs(region.translation()).isSameAs(third.translation());
        assertThat(second.stag()).isNotEqualTo(region.stag());
        assertThat(second.startAddress()).isNotEqualTo(region.startAddress());
        assertThat(second.protectionDomain()).isEqualTo(OTHER_DOMAIN);
        assertThat(second.allows(AccessFlag.LOCAL_WRITE)).isFalse();
        assertThat(region.snapshot().sharers()).isEqualTo(3);
        assertThat(region.snapshot().shared()).isTrue();
        table.deregister(region);
        assertThat(second.valid()).isTrue();
        assertThat(second.snapshot().sharers()).isEqualTo(2);
        table.deregister(third);
        assertThat(second.snapshot().sharers()).isEqualTo(1);
        assertThat(second.snapshot().shared()).isTrue();
        MemoryCursor cursor = new MemoryCursor();
        cursor.reset(second, second.startAddress() + 9_999, 1);
        cursor.copyIn(ByteBuffer.allocate(1), 0, 1);
        table.deregister(second);
        assertThat(second.record().current().translation())
                .as("kept by the last handle")
                .isNull();
    }

    @Test
    void sharedRegionsAreNotInvalidatedRegisteredOrChanged() {
        PreparedRegistration before =
                table.prepareRegistration(region.record(), List.of(ByteBuffer.allocate(1)), Regions.ALL_RIGHTS);
        TableEntry second = share(region, RegionOptions.defaults());
        for (TableEntry entry : List.of(region, second)) {
            assertThat(invalidate(entry)).isEqualTo(FailedCheck.ENTRY_SHARED);
            assertThat(entry.valid()).isTrue();
            assertThatThrownBy(() -> table.prepareRegistration(
                            entry.record(), List.of(ByteBuffer.allocate(1)), Regions.ALL_RIGHTS))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("shares");
            assertThatThrownBy(() -> table.reregister(entry.record(), OTHER_DOMAIN, null, null, null))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("shares");
        }
        assertThat(table.fastRegister(before, Regions.DOMAIN)).isEqualTo(FailedCheck.ENTRY_SHARED);
    }

    @Test
    void refusesToShareWhatCannotBeShared() {
        assertThatThrownBy(() -> share(region, RegionOptions.defaults().withPageOctets(4096)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("page size");
        assertThatThrownBy(() -> share(region, RegionOptions.defaults().withTranslationMode(TranslationMode.DIRECT)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> share(region, RegionOptions.defaults().withStartAddress(7)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0x7");
        assertThatThrownBy(() -> share(region, RegionOptions.defaults().withStartAddress(-4096)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> share(region, RegionOptions.defaults().withOneTouch(true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one-touch");
        TableEntry readOnly = table.register(
                Regions.DOMAIN, List.of(ByteBuffer.allocate(8).asReadOnlyBuffer()), RegionOptions.defaults());
        assertThatThrownBy(() -> share(readOnly, Regions.READ_WRITE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("read-only");
        TagRecord allocated = table.allocateRegion(Regions.DOMAIN, 1, true);
        assertThatThrownBy(() -> table.registerShared(Regions.DOMAIN, allocated, RegionOptions.defaults()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not valid");
        assertThat(region.snapshot().shared()).isFalse();
        assertThat(table.regions()).isEqualTo(3);
    }

    @Test
    void rightsDomainAndMemoryChangeAloneAndTogether() {
        TagRecord record = region.record();
        TableEntry rights = table.reregister(record, Regions.DOMAIN, null, null, READ);
        assertThat(region.valid()).isFalse();
        assertThat(rights.stag()).isEqualTo(region.stag() & 0xFFFF_FF00 | region.stag() + 1 & 0xFF);
        assertThat(rights.allows(AccessFlag.LOCAL_WRITE)).isFalse();
        assertThat(rights.startAddress()).isEqualTo(region.startAddress());
        assertThat(rights.translation()).isSameAs(region.translation());

        TableEntry domain = table.reregister(record, OTHER_DOMAIN, null, null, null);
        assertThat(domain.protectionDomain()).isEqualTo(OTHER_DOMAIN);
        assertThat(domain.allows(AccessFlag.REMOTE_READ)).isTrue();

        List<ByteBuffer> other = List.of(ByteBuffer.allocate(77));
        TableEntry memory = table.reregister(record, OTHER_DOMAIN, other, RegionOptions.defaults(), null);
        assertThat(memory.lengthOctets()).isEqualTo(77);
        assertThat(memory.allows(AccessFlag.REMOTE_READ)).isTrue();

        TableEntry all = table.reregister(
                record,
                Regions.DOMAIN,
                other,
                RegionOptions.defaults().withZeroBase(),
                EnumSet.allOf(AccessFlag.class));
        assertThat(all.startAddress()).isZero();
        assertThat(all.protectionDomain()).isEqualTo(Regions.DOMAIN);
        assertThat(all.allows(AccessFlag.REMOTE_ATOMIC)).isTrue();
        assertThat(table.lookup(region.stag())).isSameAs(all);
        assertThat(table.registeredOctets()).isEqualTo(77);
        assertThat(table.regions()).isEqualTo(1);
    }

    @Test
    void anAllocatedRegionGetsMemoryByReregistering() {
        TagRecord allocated = table.allocateRegion(Regions.DOMAIN, 1, false);
        assertThatThrownBy(() -> table.reregister(allocated, Regions.DOMAIN, null, null, READ))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not valid");
        int first = allocated.current().stag();
        TableEntry entry = table.reregister(
                allocated, Regions.DOMAIN, List.of(ByteBuffer.allocate(9)), RegionOptions.defaults(), READ);
        assertThat(entry.stag()).isEqualTo(first);
        assertThat(entry.snapshot().remoteAccessPossible())
                .as("only reregistering changes it")
                .isTrue();
    }

    @Test
    void aChangeThatFailsChangesNothing() {
        MemorySnapshot before = region.snapshot();
        TagRecord window = table.allocateWindow(Regions.DOMAIN, WindowType.QUEUE_PAIR);
        PreparedBinding binding =
                table.prepareBinding(window, region.record(), 0, 1, false, EnumSet.of(AccessFlag.REMOTE_READ));
        table.bind(binding, Regions.DOMAIN, this, 1);
        assertThatThrownBy(() -> table.reregister(region.record(), OTHER_DOMAIN, null, null, READ))
                .isInstanceOf(ResourceInUseException.class)
                .hasMessageContaining(STag.toString(binding.stag()));
        table.freeWindow(window);
        List<ByteBuffer> readOnly = List.of(ByteBuffer.allocate(8).asReadOnlyBuffer());
        assertThatThrownBy(
                        () -> table.reregister(region.record(), OTHER_DOMAIN, readOnly, RegionOptions.defaults(), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("read-only");
        assertThat(region.snapshot()).isEqualTo(before);
        TableEntry source = table.register(Regions.DOMAIN, readOnly, RegionOptions.defaults());
        assertThatThrownBy(() -> table.reregister(
                        source.record(), Regions.DOMAIN, null, null, EnumSet.of(AccessFlag.LOCAL_WRITE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("read-only");
        assertThat(source.valid()).isTrue();
    }

    @Test
    void oneTouchMemoryHasNoWindows() {
        RegionOptions impossible = Regions.ALL_RIGHTS.withOneTouch(true);
        assertThatThrownBy(() -> table.register(Regions.DOMAIN, List.of(ByteBuffer.allocate(1)), impossible))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("WINDOW_BIND");
    }
}
