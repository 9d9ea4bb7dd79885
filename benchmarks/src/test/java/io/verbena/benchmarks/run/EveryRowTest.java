package io.verbena.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.benchmarks.row.BenchRow;
import io.verbena.benchmarks.row.Contender;
import io.verbena.benchmarks.row.Effort;
import io.verbena.benchmarks.row.RowResult;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every row works with every contender. No figure is looked at beyond that it is one. */
class EveryRowTest {
    @ParameterizedTest
    @EnumSource(BenchRow.class)
    void yieldsAFigureForEachContender(BenchRow row) throws Exception {
        RecordedProgress progress = new RecordedProgress();

        List<RowResult> results = new BenchRun(new ThreadLauncher(), Effort.QUICK, 1).run(List.of(row), progress);

        assertThat(results).hasSize(1);
        RowResult result = results.get(0);
        assertThat(result.failure()).isNull();
        assertThat(result.samples().keySet()).containsExactlyInAnyOrderElementsOf(row.contenders());
        for (Contender contender : row.contenders()) {
            assertThat(result.value(contender)).isFinite().isNotNegative();
        }
        assertThat(progress.results()).containsExactly(result);
        assertThat(progress.steps()).startsWith(row.label() + " 1/1 starting").hasSizeGreaterThan(2);
    }
}
