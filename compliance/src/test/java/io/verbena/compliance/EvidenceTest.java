package io.verbena.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.requirements.TestOutcome;
import io.verbena.requirements.TestRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What counts as a broken promise. */
class EvidenceTest {
    private static final Carrier TEST = carrier("a.SomeTest", "works", "SYS-MEM-01");

    @Test
    void acceptsATestThatPassed() {
        assertThat(broken(List.of(TEST), record("a.SomeTest", "works", TestOutcome.PASSED, "")))
                .isEmpty();
    }

    @Test
    void complainsOfATestThatDidNotRun() {
        assertThat(broken(List.of(TEST), record("a.SomeTest", "another", TestOutcome.PASSED, "")))
                .containsExactly("SomeTest.works carries [SYS-MEM-01] and did not run");
    }

    @Test
    void complainsOfATestThatFailedOnce() {
        assertThat(broken(
                        List.of(TEST),
                        record("a.SomeTest", "works", TestOutcome.PASSED, ""),
                        record("a.SomeTest", "works", TestOutcome.FAILED, "seed 7")))
                .containsExactly("SomeTest.works carries [SYS-MEM-01] and failed: seed 7");
    }

    @Test
    void complainsOfARowAllOfWhoseTestsWereLeftOut() {
        assertThat(broken(List.of(TEST), record("a.SomeTest", "works", TestOutcome.ABORTED, "too few descriptors")))
                .containsExactly("each test of SYS-MEM-01 was left out on this machine:"
                        + " [SomeTest.works (too few descriptors)]");
    }

    @Test
    void acceptsALeftOutTestWhoseRowHasAnother() {
        assertThat(broken(
                        List.of(TEST, carrier("a.SomeTest", "small", "SYS-MEM-01")),
                        record("a.SomeTest", "works", TestOutcome.SKIPPED, "too few descriptors"),
                        record("a.SomeTest", "small", TestOutcome.PASSED, "")))
                .isEmpty();
    }

    @Test
    void takesAClassThatDidNotBeginForItsTests() {
        assertThat(broken(List.of(TEST), record("a.SomeTest", "", TestOutcome.ABORTED, "no machine")))
                .containsExactly("each test of SYS-MEM-01 was left out on this machine: [SomeTest.works (no machine)]");
    }

    @Test
    void aClassStandsForAllItsTests() {
        Carrier whole = carrier("a.SomeTest", "", "SYS-MEM-01");

        assertThat(broken(
                        List.of(whole),
                        record("a.SomeTest", "works", TestOutcome.PASSED, ""),
                        record("a.SomeTest$Inner", "fails", TestOutcome.FAILED, "wrong")))
                .containsExactly("SomeTest carries [SYS-MEM-01] and failed: wrong");
        assertThat(broken(List.of(whole), record("a.SomeTestOther", "works", TestOutcome.PASSED, "")))
                .containsExactly("SomeTest carries [SYS-MEM-01] and did not run");
    }

    @Test
    void findsAnInheritedTestInTheClassThatRanIt() {
        Carrier inherited = carrier("a.Ancestor", "works", "SYS-MEM-01");
        TestRecord run = new TestRecord("a.HeirTest", "a.Ancestor", "works", TestOutcome.PASSED, "");

        assertThat(broken(List.of(inherited), run)).isEmpty();
    }

    @Test
    void expectsInteropTestsOnlyWhereTheyRan() {
        Carrier interop = new Carrier("m", "a.KernelIT", "meets", "m/K.java", true, List.of("SYS-MEM-01"));

        assertThat(broken(List.of(interop))).isEmpty();
        assertThat(broken(List.of(interop), record("a.KernelIT", "meets", TestOutcome.FAILED, "reset")))
                .containsExactly("KernelIT.meets carries [SYS-MEM-01] and failed: reset");
    }

    @Test
    void expectsIntegrationTestsOnlyWhenTheBuildHasComeThatFar() {
        Carrier late = carrier("a.BareIT", "runs", "SYS-MEM-01");

        assertThat(new Evidence(Map.of(), module -> false).brokenPromises(List.of(late)))
                .isEmpty();
        assertThat(new Evidence(Map.of(), module -> true).brokenPromises(List.of(late)))
                .containsExactly("BareIT.runs carries [SYS-MEM-01] and did not run");
    }

    private static List<String> broken(List<Carrier> carriers, TestRecord... records) {
        return new Evidence(Map.of("m", List.of(records)), module -> true).brokenPromises(carriers);
    }

    private static Carrier carrier(String className, String method, String id) {
        return new Carrier("m", className, method, "m/src.java", false, List.of(id));
    }

    private static TestRecord record(String className, String method, TestOutcome outcome, String reason) {
        return new TestRecord(className, className, method, outcome, reason);
    }
}
