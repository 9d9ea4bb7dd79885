package io.verbena.benchmarks.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void theMedianOfAnOddNumberIsTheOneInTheMiddle() {
        assertThat(new Samples(List.of(9.0, 1.0, 5.0)).median()).isEqualTo(5);
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
        assertThat(new Samples(List.of(9.0, 1.0, 5.0, 6.0)).median()).isEqualTo(5.5);
    }

    @Test
    void theSpreadIsAPartOfTheMedian() {
        assertThat(new Samples(List.of(9.0, 11.0, 10.0)).spread()).isEqualTo(0.2);
        assertThat(new Samples(List.of(0.0, 0.0)).spread()).isZero();
    }

    @Test
    void noMeasurementIsNoResult() {
        assertThatThrownBy(() -> new Samples(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theWorstCaseIsTheLargestOfWhatEachCaseTakesAtLeast() {
        Samples samples = new Samples(List.of(5.0, 1.0, 0.0, /* again */ 2.0, 9.0, 0.0));

        assertThat(samples.worstCase(3)).isEqualTo(2);
    }

    @Test
    void aRowIsItsMedianAndThatOfAllocationItsWorstCase() {
        assertThat(Results.alone(BenchRow.QP_1000_SHARE, 3.0, 1.0, 2.0).value(Contender.OURS))
                .isEqualTo(2);
        int cases = AllocationCases.all(BenchRow.ALLOC_PER_OP.workload()).size();
        Double[] measured = new Double[2 * cases];
        Arrays.fill(measured, 0.0);
        measured[0] = 7.0;
        measured[1] = 4.0;
        measured[cases + 1] = 3.0;

        assertThat(Results.alone(BenchRow.ALLOC_PER_OP, measured).value(Contender.OURS))
                .isEqualTo(3);
    }

    @Test
    void allocationIsCountedInAllModes() {
        assertThat(AllocationCases.all(BenchRow.ALLOC_PER_OP.workload()))
                .hasSize(36)
                .doesNotHaveDuplicates();
    }
}
