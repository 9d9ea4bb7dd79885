package io.verbena.requirements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs small test classes within the test and reads what the listener wrote. */
class EvidenceListenerTest {
    private static final String BASE = EvidenceListenerTest.class.getName();

    @TempDir
    private Path folder;

    @Test
    void recordsWhatBecameOfEachTest() {
        run(selectClass(Outcomes.class));

        assertThat(new EvidenceFolder(folder).read())
                .containsExactlyInAnyOrder(
                        record(Outcomes.class, Outcomes.class, "passes", TestOutcome.PASSED, ""),
                        record(
                                Outcomes.class,
                                Outcomes.class,
                                "lacksSomething",
                                TestOutcome.ABORTED,
                                "org.opentest4j.TestAbortedException: Assumption failed: too few file descriptors"),
                        record(Outcomes.class, Outcomes.class, "isSwitchedOff", TestOutcome.SKIPPED, "not now, later"),
                        record(
                                Outcomes.class,
                                Outcomes.class,
                                "fails",
                                TestOutcome.FAILED,
                                "org.opentest4j.AssertionFailedError: wrong"));
    }

    @Test
    void recordsGeneratedAndNestedTestsUnderTheirMethods() {
        run(selectClass(Generated.class));

        assertThat(new EvidenceFolder(folder).read())
                .containsExactlyInAnyOrder(
                        record(Generated.class, Generated.class, "takesNumbers", TestOutcome.PASSED, ""),
                        record(
                                Generated.class,
                                Generated.class,
                                "takesNumbers",
                                TestOutcome.FAILED,
                                "org.opentest4j.AssertionFailedError: three"),
                        record(Generated.class, Generated.class, "makesTests", TestOutcome.PASSED, ""),
                        record(Generated.Inner.class, Generated.Inner.class, "isNested", TestOutcome.PASSED, ""));
    }

    @Test
    void recordsAnInheritedTestWithTheClassThatDeclaresIt() {
        run(selectClass(Heir.class));

        assertThat(new EvidenceFolder(folder).read())
                .containsExactly(record(Heir.class, Ancestor.class, "isInherited", TestOutcome.PASSED, ""));
    }

    @Test
    void recordsAClassThatDidNotBegin() {
        run(selectClass(Unwilling.class));

        assertThat(new EvidenceFolder(folder).read())
                .containsExactly(record(
                        Unwilling.class,
                        Unwilling.class,
                        "",
                        TestOutcome.ABORTED,
                        "org.opentest4j.TestAbortedException: Assumption failed: no machine"));
    }

    @Test
    void replacesTheRecordsOfTheClassesThatRanAgain() {
        run(selectClass(Outcomes.class));
        run(selectMethod(Outcomes.class, "passes"));

        assertThat(new EvidenceFolder(folder).read())
                .containsExactly(record(Outcomes.class, Outcomes.class, "passes", TestOutcome.PASSED, ""));
    }

    @Test
    void keepsTheRecordsOfClassesThatDidNotRunAgain() {
        new EvidenceFolder(folder)
                .write("Elsewhere", List.of(new TestRecord("Elsewhere", "Elsewhere", "a", TestOutcome.PASSED, "")));

        run(selectMethod(Outcomes.class, "passes"));

        assertThat(new EvidenceFolder(folder).read())
                .extracting(TestRecord::className)
                .containsExactly("Elsewhere", BASE + "$Outcomes");
    }

    @Test
    void writesNothingWithoutAFolder() throws Exception {
        launch(new EvidenceListener(""), selectClass(Heir.class));

        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    private void run(DiscoverySelector selector) {
        launch(new EvidenceListener(folder.toString()), selector);
    }

    /** Runs the selected tests with this listener and no other, so that the build's own records stay what they are. */
    private static void launch(EvidenceListener listener, DiscoverySelector selector) {
        LauncherConfig alone = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .addTestExecutionListeners(listener)
                .build();
        LauncherFactory.create(alone)
                .execute(LauncherDiscoveryRequestBuilder.request()
                        .selectors(selector)
                        .build());
    }

    private static TestRecord record(
            Class<?> ran, Class<?> declaring, String method, TestOutcome outcome, String reason) {
        return new TestRecord(ran.getName(), declaring.getName(), method, outcome, reason);
    }

    /** One test of each outcome. */
    static class Outcomes {
        @Test
        void passes() {}

        @Test
        void lacksSomething() {
            Assumptions.assumeTrue(false, "too few file descriptors");
        }

        @Test
        @Disabled("not now, later")
        void isSwitchedOff() {}

        @Test
        void fails() {
            Assertions.fail("wrong");
        }
    }

    /** Tests whose number is known only at run time, and tests within tests. */
    static class Generated {
        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        void takesNumbers(int number) {
            if (number == 3) {
                Assertions.fail("three");
            }
        }

        @TestFactory
        Stream<DynamicTest> makesTests() {
            return IntStream.range(0, 2).mapToObj(i -> DynamicTest.dynamicTest("test " + i, () -> {}));
        }

        @Nested
        class Inner {
            @Test
            void isNested() {}
        }
    }

    /** Declares a test for its heirs. */
    abstract static class Ancestor {
        @Test
        void isInherited() {}
    }

    /** Has what it inherits. */
    static class Heir extends Ancestor {}

    /** Ends before its first test. */
    static class Unwilling {
        @BeforeAll
        static void look() {
            Assumptions.assumeTrue(false, "no machine");
        }

        @Test
        void neverRuns() {}
    }
}
