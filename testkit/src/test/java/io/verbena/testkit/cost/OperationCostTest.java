package io.verbena.testkit.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.PlacementMode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an operation costs beside time does not grow past what {@code docs/performance.md} states. */
@Tag("tcp")
class OperationCostTest {
    private static final List<Integer> SIZES = List.of(64, 1 << 20);

    static List<CostRow> stated() {
        return CostRow.all();
    }

    @ParameterizedTest
    @MethodSource("stated")
    @Timeout(60)
    void costsNoMoreThanThePageStates(CostRow stated) {
        try (CostMeasurement measurement = new CostMeasurement(stated)) {
            CostRow measured = measurement.least(stated::covers);
            assertThat(stated.covers(measured))
                    .as(
                            "docs/performance.md states%n%s%nand the least of the rounds was%n%s",
                            stated.line(), measured.line())
                    .isTrue();
        }
    }

    @Test
    void thePageStatesEveryCase() {
        List<String> cases = new ArrayList<>();
        for (CountedOperation operation : CountedOperation.values()) {
            for (int octets : SIZES) {
                for (PlacementMode mode : PlacementMode.values()) {
                    cases.add(operation + " " + octets + " " + mode);
                }
            }
        }
        assertThat(CostRow.all())
                .extracting(row -> row.operation() + " " + row.octets() + " " + row.mode())
                .containsExactlyElementsOf(cases);
    }
}
