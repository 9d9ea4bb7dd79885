package io.verbena.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every operation works at every count. Of the figures only those are looked at that are not time. */
@Timeout(60)
class ScaleRunTest {
    @ParameterizedTest
    @EnumSource(Population.class)
    void yieldsALineForEachOperationAndCount(Population population) throws Exception {
        List<ScaleLine> lines = new ScaleRun(population, ScaleEffort.QUICK, null).measure();

        assertThat(lines).hasSize(3 * population.operations().size());
        assertThat(lines).extracting(ScaleLine::count).startsWith(1, 10, 100, 1);
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.cost().nanos()).isFinite().isPositive();
            assertThat(line.ratio().nanos()).isFinite().isPositive();
        });
        assertThat(lines)
                .filteredOn(line -> line.count() == 1)
                .allSatisfy(line -> assertThat(line.ratio().nanos()).isEqualTo(1));
    }

    @Test
    void countsGrowByTensUpToTheLimit() {
        assertThat(Population.REGIONS.counts(Integer.MAX_VALUE)).containsExactly(1, 10, 100, 1_000, 10_000, 100_000);
        assertThat(Population.WINDOWS.counts(Integer.MAX_VALUE)).containsExactly(1, 10, 100, 1_000, 10_000);
        assertThat(Population.WINDOWS.counts(99)).containsExactly(1, 10);
        assertThat(Population.named("queue-pairs")).contains(Population.QUEUE_PAIRS);
        assertThat(Population.named("sheep")).isEmpty();
    }

    @Test
    void theTableHasALineForEachMeasurement() {
        Cost cost = new Cost(1234.4, 1000, Double.NaN);
        List<String> text = ScaleTable.of(
                Population.REGIONS, List.of(new ScaleLine(ScaledOperation.BIND, 10_000, cost, cost.per(cost))));

        assertThat(text).hasSize(2);
        assertThat(text.get(1).split(" +"))
                .containsExactly("bind,", "invalidate", "10,000", "1,234", "1.00", "1,000", "1.00", "-");
    }
}
