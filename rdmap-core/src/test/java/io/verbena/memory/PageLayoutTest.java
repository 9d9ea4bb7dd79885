package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.DeviceOptions.StagPolicy;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import io.verbena.verbs.MemorySnapshot;
import io.verbena.verbs.RegionOptions;
import io.verbena.verbs.TranslationMode;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the device cuts a region into pages. */
@DisplayName("Page layout")
class PageLayoutTest {
    @ParameterizedTest(name = "{0} octets: {1}")
    @CsvSource({"1, 4096", "4096, 4096", "4097, 8192", "8193, 65536", "65537, 1048576", "1048577, 16777216"})
    void oneBufferLiesInOnePage(int octets, int pageOctets) {
        MemorySnapshot region = register(RegionOptions.defaults(), octets);
        assertThat(region.pageOctets()).isEqualTo(pageOctets);
        assertThat(region.pages()).isEqualTo(1);
    }

    @Test
    void severalBuffersGetTheLargestPageThatSplitsNone() {
        assertThat(register(RegionOptions.defaults(), 8192, 24576, 5).pageOctets())
                .isEqualTo(8192);
        assertThat(register(RegionOptions.defaults(), 65536, 65536).pageOctets())
                .isEqualTo(65536);
        assertThat(register(RegionOptions.defaults().withStartAddress(4096), 61440, 65536)
                        .pageOctets())
                .isEqualTo(65536);
    }

    @Test
    void buffersOfOddLengthsGetPagesThatAreNotLargerThanTheSmallest() {
        assertThat(register(RegionOptions.defaults(), 70_001, 100_003, 70_007).pageOctets())
                .isEqualTo(65536);
        assertThat(register(RegionOptions.defaults(), 11, 100_003).pageOctets()).isEqualTo(4096);
    }

    @Test
    void translationModeFollowsFromTheNumberOfPages() {
        RegionOptions options = RegionOptions.defaults().withPageOctets(4096);
        assertThat(register(options, 2 * 4096).translationMode()).isEqualTo(TranslationMode.DIRECT);
        assertThat(register(options, 2 * 4096 + 1).translationMode()).isEqualTo(TranslationMode.FIRST_ORDER_INDIRECT);
        assertThat(register(options, 3 * 4096).translationMode()).isEqualTo(TranslationMode.FIRST_ORDER_INDIRECT);
        assertThat(register(options, 3 * 4096 + 1).translationMode()).isEqualTo(TranslationMode.SECOND_ORDER_INDIRECT);
    }

    @Test
    void firstPageMayBeginAtAnOffsetAndTheLastEndEarly() {
        MemorySnapshot region =
                register(RegionOptions.defaults().withPageOctets(4096).withStartAddress(0x7FFF), 4098);
        assertThat(region.firstOffset()).isEqualTo(4095);
        assertThat(region.pages()).isEqualTo(3);
    }

    /** Here two pages are direct and three are first order. */
    private static MemorySnapshot register(RegionOptions options, int... octets) {
        return new MemoryTranslationProtectionTable(
                        new TableLimits(1, 0, 2, 3),
                        StagPolicy.SEQUENTIAL,
                        WindowLifetime.ONE_TOUCH,
                        new SplittableRandom(1))
                .register(1, IntStream.of(octets).mapToObj(ByteBuffer::allocate).toList(), options)
                .snapshot();
    }
}
