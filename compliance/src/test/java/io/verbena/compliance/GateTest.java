package io.verbena.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.requirements.RequirementCatalogue;
import io.verbena.requirements.RequirementExceptions;
import io.verbena.requirements.RequirementRow;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which rows the build does without, and whether those of this build have what they need. */
class GateTest {
    private static final RequirementCatalogue CATALOGUE = RequirementCatalogue.load();
    private static final RequirementExceptions EXCEPTIONS = RequirementExceptions.load(CATALOGUE);

    private static final Gate NOTHING_SHOWN = new Gate(EXCEPTIONS, List.of());

    @Test
    void eachObligationHasATestOrAReasonForHavingNone() {
        assertThat(new Gate(EXCEPTIONS, CarrierScan.allModules()).missing(CATALOGUE.rows()))
                .isEmpty();
    }

    @Test
    void noExceptionHasATest() {
        assertThat(new Gate(EXCEPTIONS, CarrierScan.allModules()).surplus()).isEmpty();
    }

    @Test
    void complainsOfAnObligationThatNothingShows() {
        assertThat(missing(NOTHING_SHOWN, row("MUST", "Y")))
                .containsExactly("ANY-1-01 (MUST: be good) has neither a test that carries its id"
                        + " nor a line in requirements/exceptions.csv");
        assertThat(missing(NOTHING_SHOWN, row("MUST NOT", "Y"))).hasSize(1);
        assertThat(missing(NOTHING_SHOWN, row("REQUIRED", "Y"))).hasSize(1);
        assertThat(missing(NOTHING_SHOWN, row("MUST", "")))
                .as("verbs have no code")
                .hasSize(1);
    }

    @Test
    void isContentWithATest() {
        assertThat(missing(new Gate(EXCEPTIONS, List.of(carrier("ANY-1-01"))), row("MUST", "Y")))
                .isEmpty();
        assertThat(missing(new Gate(EXCEPTIONS, List.of(carrier("ANY-1-02"))), row("MUST", "Y")))
                .hasSize(1);
    }

    @Test
    void demandsNothingOfOtherRows() {
        assertThat(missing(NOTHING_SHOWN, row("SHOULD", "Y"))).isEmpty();
        assertThat(missing(NOTHING_SHOWN, row("MUST", "N3"))).isEmpty();
        assertThat(missing(NOTHING_SHOWN, row("MUST NOT", "P1"))).isEmpty();
    }

    private static List<String> missing(Gate gate, RequirementRow row) {
        return gate.missing(List.of(row));
    }

    private static RequirementRow row(String level, String applies) {
        return new RequirementRow("ANY-1-01", level, "RFC 0 1", "B", applies, "be good");
    }

    private static Carrier carrier(String id) {
        return new Carrier("m", "a.SomeTest", "works", "m/src.java", false, List.of(id));
    }
}
