package io.verbena.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.requirements.RequirementCatalogue;
import io.verbena.requirements.RequirementExceptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The checked-in page is the one that catalogue and tests give.
 *
 * <p>After a test has got or lost an id, or an exception has come or gone, run this test with {@code -Dverbena.regenerate=true} and review the difference of the
 * page.
 */
class CompliancePageTest {
    private static final Path PAGE = Repository.ROOT.resolve("docs/compliance.md");

    private static final RequirementCatalogue CATALOGUE = RequirementCatalogue.load();
    private static final RequirementExceptions EXCEPTIONS = RequirementExceptions.load(CATALOGUE);
    private static final List<Carrier> CARRIERS = CarrierScan.allModules();

    @Test
    void testsCarryIdsOfTheCatalogueAlone() {
        assertThat(CARRIERS)
                .isNotEmpty()
                .allSatisfy(carrier -> assertThat(carrier.ids())
                        .as("ids of " + carrier.title() + " in " + carrier.source())
                        .doesNotHaveDuplicates()
                        .allMatch(CATALOGUE::has, "is in the catalogue"));
    }

    @Test
    void thePageIsThatOfTheTests() throws IOException {
        String page = CompliancePage.text(CATALOGUE, EXCEPTIONS, CARRIERS);
        if (Boolean.getBoolean("verbena.regenerate")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE).lines().toList())
                .as("docs/compliance.md; regenerate with -Dverbena.regenerate=true")
                .isEqualTo(page.lines().toList());
    }
}
