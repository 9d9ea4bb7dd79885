package io.verbena.requirements;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RequirementCatalogueTest {
    private static final RequirementCatalogue CATALOGUE = RequirementCatalogue.load();

    @Test
    void hasTheRowsOfEveryFamily() {
        Map<String, Long> counts = CATALOGUE.rows().stream().collect(groupingBy(RequirementRow::family, counting()));

        assertThat(counts)
                .containsOnly(
                        Map.entry("MPA", 156L),
                        Map.entry("ENH", 55L),
                        Map.entry("DDP", 126L),
                        Map.entry("RDMAP", 177L),
                        Map.entry("EXT", 70L),
                        Map.entry("SEC", 35L),
                        Map.entry("VRB", 119L),
                        Map.entry("SYS", 51L));
    }

    @Test
    void readsValuesWithCommasAndQuotationMarks() {
        assertThat(CATALOGUE.rows())
                .anySatisfy(row -> assertThat(row)
                        .isEqualTo(new RequirementRow(
                                "SYS-WQ-06",
                                "SYSTEM",
                                "B Send and receive queues with slot indicators",
                                "",
                                "",
                                "A full queue is an ordinary result of posting; nothing is overwritten, nothing blocks;"
                                        + " a post that failed left no trace")))
                .anySatisfy(row -> assertThat(row.text()).contains("(\"2B\")"));
    }

    @Test
    void everyRowHasAWordingAndAKnownLevel() {
        Set<String> levels = Set.of(
                "SYSTEM",
                "MUST",
                "MUST NOT",
                "SHOULD",
                "SHOULD NOT",
                "should",
                "RECOMMENDED",
                "REQUIRED",
                "MAY",
                "OPTIONAL",
                "DEF",
                "EXTENSION",
                "DESIGN");

        assertThat(CATALOGUE.rows()).allSatisfy(row -> {
            assertThat(row.level()).as(row.id()).isIn(levels);
            assertThat(row.section()).as(row.id()).isNotBlank();
            assertThat(row.text()).as(row.id()).isNotBlank().doesNotContain(".md");
        });
    }

    @Test
    void knowsItsIdsAlone() {
        assertThat(CATALOGUE.has("SYS-MEM-09")).isTrue();
        assertThat(CATALOGUE.has("SYS-MEM-99")).isFalse();
    }

    @Test
    void groupsRowsByTheIdWithoutItsNumber() {
        RequirementRow row = new RequirementRow("SYS-MEM-09", "SYSTEM", "A", "", "", "text");

        assertThat(row.group()).isEqualTo("SYS-MEM");
        assertThat(row.family()).isEqualTo("SYS");
    }
}
