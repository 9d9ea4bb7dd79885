package io.verbena.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * In a build of everything each test that {@code docs/compliance.md} lists has run and passed.
 *
 * <p>Builds of some modules do not come here, runs of some tests ({@code -Dtest}) do not select this one, and {@code -Dquick}
 * leaves it out.
 */
@Tag("architecture")
class EvidenceOfThisBuildTest {
    @Test
    void eachListedTestRanAndPassed() {
        Evidence evidence = Evidence.read(Repository.modulesWithTests(), EvidenceOfThisBuildTest::integrationTestsRan);

        assertThat(evidence.brokenPromises(CarrierScan.allModules())).isEmpty();
    }

    private static boolean integrationTestsRan(String module) {
        return Files.exists(Repository.ROOT.resolve(module).resolve("target/failsafe-reports/failsafe-summary.xml"));
    }
}
