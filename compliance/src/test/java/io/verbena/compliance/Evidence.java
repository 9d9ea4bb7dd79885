package io.verbena.compliance;

import io.verbena.requirements.EvidenceFolder;
import io.verbena.requirements.TestOutcome;
import io.verbena.requirements.TestRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Compares what the page promises of each test with what became of it in this build. */
final class Evidence {
    private final Map<String, List<TestRecord>> recordsByModule;
    private final Predicate<String> integrationTestsRan;

    /**
     * Makes evidence of the records of each module.
     *
     * @param integrationTestsRan says whether the build has come to the integration tests of a module
     */
    Evidence(Map<String, List<TestRecord>> recordsByModule, Predicate<String> integrationTestsRan) {
        this.recordsByModule = recordsByModule;
        this.integrationTestsRan = integrationTestsRan;
    }

    /** Reads what the modules' tests have left behind. */
    static Evidence read(Collection<Path> modules, Predicate<String> integrationTestsRan) {
        Map<String, List<TestRecord>> records = new TreeMap<>();
        for (Path module : modules) {
            records.put(module.getFileName().toString(), new EvidenceFolder(module.resolve("target/evidence")).read());
        }
        return new Evidence(records, integrationTestsRan);
    }

    /** Returns a sentence for each promise that this build did not keep. */
    List<String> brokenPromises(List<Carrier> carriers) {
        List<String> broken = new ArrayList<>();
        for (Carrier carrier : carriers) {
            List<TestRecord> records = recordsOf(carrier);
            if (records.isEmpty() && isExpected(carrier)) {
                broken.add(carrier.title() + " carries " + carrier.ids() + " and did not run");
            }
            records.stream()
                    .filter(record -> record.outcome() == TestOutcome.FAILED)
                    .findFirst()
                    .ifPresent(record -> broken.add(
                            carrier.title() + " carries " + carrier.ids() + " and failed: " + record.reason()));
        }
        CompliancePage.byId(carriers.stream().filter(this::isExpected).toList()).forEach((id, tests) -> {
            if (tests.stream().allMatch(this::wasLeftOut)) {
                broken.add("each test of " + id + " was left out on this machine: " + reasons(tests));
            }
        });
        return broken;
    }

    private boolean isExpected(Carrier carrier) {
        return !carrier.interop() && (!carrier.isIntegrationTest() || integrationTestsRan.test(carrier.module()));
    }

    /** Returns whether no run of the test came to its end, each for a reason that was recorded. */
    private boolean wasLeftOut(Carrier carrier) {
        List<TestRecord> records = recordsOf(carrier);
        return !records.isEmpty()
                && records.stream()
                        .allMatch(record ->
                                record.outcome() == TestOutcome.SKIPPED || record.outcome() == TestOutcome.ABORTED);
    }

    private List<String> reasons(List<Carrier> tests) {
        return tests.stream()
                .map(test -> test.title() + " (" + recordsOf(test).get(0).reason() + ")")
                .toList();
    }

    /** Returns the records of a method or, if its class did not begin, those of the class. */
    private List<TestRecord> recordsOf(Carrier carrier) {
        List<TestRecord> records = recordsByModule.getOrDefault(carrier.module(), List.of());
        if (carrier.methodName().isEmpty()) {
            return select(records, record -> isWithin(record.className(), carrier.className()));
        }
        List<TestRecord> own = select(
                records,
                record -> record.declaringClassName().equals(carrier.className())
                        && record.methodName().equals(carrier.methodName()));
        return own.isEmpty()
                ? select(records, record -> record.isAboutClass() && isWithin(carrier.className(), record.className()))
                : own;
    }

    private static List<TestRecord> select(List<TestRecord> records, Predicate<TestRecord> which) {
        return records.stream().filter(which).toList();
    }

    private static boolean isWithin(String className, String outer) {
        return className.equals(outer) || className.startsWith(outer + '$');
    }
}
