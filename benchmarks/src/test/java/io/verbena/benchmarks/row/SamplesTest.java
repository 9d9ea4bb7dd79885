package io.verbena.benchmarks.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    void aRowIsItsMedianButForTheRowsWhereTheWorstCounts() {
        assertThat(Results.alone(BenchRow.QP_1000_SHARE, 3.0, 1.0, 2.0).value(Contender.OURS))
                .isEqualTo(2);
        assertThat(Results.alone(BenchRow.ALLOC_PER_OP, 3.0, 1.0, 2.0).value(Contender.OURS))
                .isEqualTo(3);
    }
}
