package io.verbena.benchmarks.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.benchmarks.end.MemoryWalk;
import io.verbena.verbs.PlacementMode;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BenchRowTest {
    @Test
    void hasTheRowsOfTheTableInTheirOrder() {
        assertThat(Arrays.stream(BenchRow.values()).map(BenchRow::label))
                .containsExactly(
                        "write-1m-direct",
                        "write-1m-eager",
                        "write-1m-validated",
                        "write-64k-direct",
                        "read-1m-direct",
                        "read-1m-validated",
                        "send-1m-direct",
                        "send-64-rtt-driven",
                        "write-64-rtt-driven",
                        "read-64-rtt-driven",
                        "send-64-rtt-background",
                        "write-64-rate",
                        "send-64-rate",
                        "alloc-per-op",
                        "idle-qp-bytes",
                        "qp-1000-share",
                        "connects-per-second");
    }

    @ParameterizedTest
    @EnumSource(BenchRow.class)
    void isFoundByItsName(BenchRow row) {
        assertThat(BenchRow.named(row.label())).contains(row);
    }

    @Test
    void findsNothingByAnotherName() {
        assertThat(BenchRow.named("write-2m-direct")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(BenchRow.class)
    void walksThroughTheRegionInWholeMessages(BenchRow row) {
        for (Effort effort : Effort.values()) {
            MemoryWalk walk =
                    new MemoryWalk(effort.regionOctets(), row.workload().messageOctets());
            assertThat(walk.next()).isZero();
        }
    }

    /** What stands in a row's name is what its workload does. */
    @ParameterizedTest
    @EnumSource(BenchRow.class)
    void doesWhatItsNameSays(BenchRow row) {
        String label = row.label();
        Workload workload = row.workload();
        for (PlacementMode mode : PlacementMode.values()) {
            if (label.endsWith(mode.name().toLowerCase(Locale.ROOT))) {
                assertThat(workload.placement()).isEqualTo(mode);
            }
        }
        for (Operation operation : Operation.values()) {
            if (label.startsWith(operation.name().toLowerCase(Locale.ROOT) + "-")) {
                assertThat(workload.operation()).isEqualTo(operation);
            }
        }
        if (label.contains("-1m-")) {
            assertThat(workload.messageOctets()).isEqualTo(1 << 20);
        }
        if (label.contains("-64k-")) {
            assertThat(workload.messageOctets()).isEqualTo(64 << 10);
        }
        if (label.contains("-64-")) {
            assertThat(workload.messageOctets()).isEqualTo(64);
        }
        assertThat(label.contains("-rtt-")).isEqualTo(workload.shape() == Shape.PING);
        assertThat(label.endsWith("-background"))
                .isEqualTo(
                        workload.shape() == Shape.PING && !workload.progress().driven());
    }

    @Test
    void listSaysOfEachRowWhatItMeasuresAndItsBudget() {
        String list = String.join("\n", RowList.lines());

        for (BenchRow row : BenchRow.values()) {
            assertThat(list).contains(row.label(), row.what());
            row.budgets().forEach(budget -> assertThat(list).contains(budget.toString()));
        }
        assertThat(list).contains("budget: ours >= 2000000, ours/netty >= 3");
    }

    @Test
    void budgetsAreMetAtTheirBounds() {
        assertThat(Budget.atLeast(Budget.Measure.RATIO_TO_RAW, 0.5).met(Results.compared(1, 2, 4)))
                .isTrue();
        assertThat(Budget.atLeast(Budget.Measure.RATIO_TO_RAW, 0.51).met(Results.compared(1, 2, 4)))
                .isFalse();
        assertThat(Budget.atMost(Budget.Measure.RATIO_TO_NETTY, 0.25).met(Results.compared(1, 2, 4)))
                .isTrue();
        assertThat(Budget.atMost(Budget.Measure.OURS, 0.99).met(Results.compared(1, 2, 4)))
                .isFalse();
    }

    @Test
    void aBudgetOfWhatWasNotMeasuredIsNotMet() {
        RowResult alone = Results.alone(BenchRow.QP_1000_SHARE, 1.0);

        assertThat(Budget.atLeast(Budget.Measure.RATIO_TO_RAW, 0).met(alone)).isFalse();
        assertThat(Budget.atMost(Budget.Measure.RATIO_TO_RAW, 9).met(alone)).isFalse();
    }
}
