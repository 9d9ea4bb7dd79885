package io.verbena.verbs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.Requirement;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegionOptionsTest {
    @Test
    void allowsLocalReadUnlessToldExactly() {
        assertThat(RegionOptions.defaults().access()).containsExactly(AccessFlag.LOCAL_READ);
        assertThat(RegionOptions.access(AccessFlag.LOCAL_WRITE).access())
                .containsExactly(AccessFlag.LOCAL_READ, AccessFlag.LOCAL_WRITE);
        assertThat(RegionOptions.defaults()
                        .withExactAccess(Set.of(AccessFlag.LOCAL_WRITE))
                        .access())
                .containsExactly(AccessFlag.LOCAL_WRITE);
    }

    /** Every set of rights, against the rule in other words: each remote right needs its local one, and one local right. */
    @Test
    void refusesExactlyTheCombinationsThatMakeNoSense() {
        for (int bits = 0; bits < 1 << AccessFlag.values().length; bits++) {
            Set<AccessFlag> rights = EnumSet.noneOf(AccessFlag.class);
            for (AccessFlag flag : AccessFlag.values()) {
                if ((bits >> flag.ordinal() & 1) != 0) {
                    rights.add(flag);
                }
            }
            boolean read = rights.contains(AccessFlag.LOCAL_READ);
            boolean write = rights.contains(AccessFlag.LOCAL_WRITE);
            boolean allowed = (read || write)
                    && (read || !rights.contains(AccessFlag.REMOTE_READ))
                    && (write || !rights.contains(AccessFlag.REMOTE_WRITE))
                    && (write || !rights.contains(AccessFlag.REMOTE_ATOMIC));
            if (allowed) {
                assertThat(RegionOptions.defaults().withExactAccess(rights).access())
                        .isEqualTo(rights);
            } else {
                assertThatThrownBy(() -> RegionOptions.defaults().withExactAccess(rights))
                        .as(rights.toString())
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void keepsItsRightsToItself() {
        Set<AccessFlag> rights = EnumSet.of(AccessFlag.LOCAL_READ);
        RegionOptions options = RegionOptions.defaults().withExactAccess(rights);
        rights.add(AccessFlag.LOCAL_WRITE);

        assertThat(options.access()).containsExactly(AccessFlag.LOCAL_READ);
        assertThatThrownBy(() -> options.access().add(AccessFlag.LOCAL_WRITE))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void knowsWhoChoosesTheStartAddress() {
        assertThat(RegionOptions.defaults().base()).isEqualTo(RegionOptions.Base.DEVICE_CHOSEN);
        assertThat(RegionOptions.defaults().withZeroBase().base()).isEqualTo(RegionOptions.Base.ZERO);
        RegionOptions chosen = RegionOptions.defaults().withStartAddress(-4096);
        assertThat(chosen.base()).isEqualTo(RegionOptions.Base.CONSUMER_CHOSEN);
        assertThat(chosen.startAddress()).isEqualTo(-4096);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4096, 8192, 65536, 1 << 20, 1 << 24, 1 << 28})
    @Requirement("VRB-MR-04")
    void takesPageSizesOfTheTable(int octets) {
        assertThat(RegionOptions.defaults().withPageOctets(octets).pageOctets()).isEqualTo(octets);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 2048, 4097, 16384, 1 << 29})
    @Requirement("VRB-MR-04")
    void refusesOtherPageSizes(int octets) {
        assertThatThrownBy(() -> RegionOptions.defaults().withPageOctets(octets))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("page size " + octets);
    }

    @Test
    void changesOneThingAtATime() {
        RegionOptions options = RegionOptions.access(AccessFlag.LOCAL_WRITE)
                .withStartAddress(7)
                .withPageOctets(4096)
                .withTranslationMode(TranslationMode.SECOND_ORDER_INDIRECT);

        assertThat(options.access()).contains(AccessFlag.LOCAL_WRITE);
        assertThat(options.startAddress()).isEqualTo(7);
        assertThat(options.pageOctets()).isEqualTo(4096);
        assertThat(options.translationMode()).isEqualTo(TranslationMode.SECOND_ORDER_INDIRECT);
        assertThatCode(() -> options.withTranslationMode(null)).doesNotThrowAnyException();
    }
}
