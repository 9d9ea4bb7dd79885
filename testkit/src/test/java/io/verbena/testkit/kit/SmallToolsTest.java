package io.verbena.testkit.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verbena.testkit.AllocationMeter;
import io.verbena.testkit.HexVectors;
import io.verbena.testkit.Seeded;
import io.verbena.testkit.SystemDeadline;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmallToolsTest {
    private static volatile byte[] sink;

    private final Set<Long> seeds = new HashSet<>();
    private int seeded;

    @Test
    void readsHexWithBlanksAndWritesItWithout() {
        byte[] octets = HexVectors.octets("00 ff\n 7F");
        assertThat(octets).containsExactly(0, -1, 0x7F);
        assertThat(HexVectors.hex(octets)).isEqualTo("00ff7f");
        assertThatThrownBy(() -> HexVectors.octets("0")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesTheVectorThatIsMissing() {
        assertThatThrownBy(() -> HexVectors.load(SmallToolsTest.class, "nowhere.txt"))
                .hasMessageContaining("nowhere.txt");
    }

    @Test
    void countsWhatTheCallerAllocates() {
        AllocationMeter meter = AllocationMeter.startWithCaller(name -> false);
        assertThat(meter.threads()).isOne();
        sink = new byte[1 << 20];
        assertThat(meter.octets()).isGreaterThanOrEqualTo(sink.length);
    }

    @Test
    void countsNothingWhereNothingIsAllocated() {
        AllocationMeter warm = AllocationMeter.startWithCaller(name -> false);
        warm.octets();
        AllocationMeter meter = AllocationMeter.startWithCaller(name -> false);
        long sum = 0;
        for (int i = 0; i < 100_000; i++) {
            sum += i;
        }
        long allocated = meter.octets();
        assertThat(sum).isPositive();
        assertThat(allocated).isLessThan(4096);
    }

    @Test
    void waitsForAConditionAndNoLonger() {
        SystemDeadline.awaitUsual("what holds", () -> true);
        SystemDeadline soon = SystemDeadline.in(Duration.ofMillis(5));
        assertThatThrownBy(() -> soon.await("what never holds", () -> false))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("what never holds");
        assertThat(soon.passed()).isTrue();
        assertThat(soon.remaining()).isZero();
        assertThat(soon.remainingMillis()).isOne();
    }

    @Seeded(count = 5)
    void givesADifferentSeedEachTime(long seed) {
        seeded++;
        seeds.add(seed);
    }

    @Seeded(count = 2)
    void makesTheSameNumbersOfTheSameSeed(SplittableRandom random) {
        assertThat(random.nextInt(10)).isBetween(0, 9);
    }

    @AfterAll
    void sawAllSeeds() {
        assertThat(seeds).hasSize(seeded);
    }
}
