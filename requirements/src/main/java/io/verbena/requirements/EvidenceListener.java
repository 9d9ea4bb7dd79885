package io.verbena.requirements;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes down which tests ran and what became of them, for {@code docs/compliance.md}.
 *
 * <p>JUnit's launcher finds it by ServiceLoader wherever this module is on the class path. It does nothing unless the system
 * property {@value #FOLDER} names a folder, which the build sets and our users' builds do not. Several threads may call at
 * once.
 */
public final class EvidenceListener implements TestExecutionListener {
    /** System property: the folder to write to. */
    public static final String FOLDER = "verbena.evidence";

    private final Map<String, List<TestRecord>> records = new TreeMap<>();
    private final EvidenceFolder folder;

    private TestPlan plan;

    /** For ServiceLoader. */
    public EvidenceListener() {
        this(System.getProperty(FOLDER));
    }

    EvidenceListener(String folder) {
        this.folder = folder == null || folder.isBlank() ? null : new EvidenceFolder(Path.of(folder));
    }

    @Override
    public synchronized void testPlanExecutionStarted(TestPlan started) {
        plan = started;
        records.clear();
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier skipped, String reason) {
        add(skipped, TestOutcome.SKIPPED, reason);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier finished, TestExecutionResult result) {
        TestOutcome outcome = switch (result.getStatus()) {
            case SUCCESSFUL -> TestOutcome.PASSED;
            case ABORTED -> TestOutcome.ABORTED;
            case FAILED -> TestOutcome.FAILED;
        };
        if (finished.isTest() || outcome != TestOutcome.PASSED) {
            add(finished, outcome, result.getThrowable().map(String::valueOf).orElse(""));
        }
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan finished) {
        if (folder != null) {
            records.forEach(folder::write);
        }
        records.clear();
        plan = null;
    }

    private void add(TestIdentifier test, TestOutcome outcome, String reason) {
        if (folder == null) {
            return;
        }
        source(test)
                .map(source -> record(source, outcome, reason))
                .ifPresent(record -> records.computeIfAbsent(topLevel(record.className()), name -> new ArrayList<>())
                        .add(record));
    }

    /** Returns the method of a test, or the class of a class; a test made at run time has those of its factory. */
    private Optional<TestSource> source(TestIdentifier test) {
        Optional<TestIdentifier> at = Optional.of(test);
        while (at.isPresent()) {
            Optional<TestSource> source = at.get().getSource();
            if (source.isPresent() && isOurs(source.get())) {
                return source;
            }
            at = plan.getParent(at.get());
        }
        return Optional.empty();
    }

    private static boolean isOurs(TestSource source) {
        return source instanceof MethodSource || source instanceof ClassSource;
    }

    private static TestRecord record(TestSource source, TestOutcome outcome, String reason) {
        if (source instanceof MethodSource method) {
            String declaring = method.getJavaMethod().getDeclaringClass().getName();
            return new TestRecord(method.getClassName(), declaring, method.getMethodName(), outcome, reason);
        }
        String name = ((ClassSource) source).getClassName();
        return new TestRecord(name, name, "", outcome, reason);
    }

    private static String topLevel(String className) {
        int end = className.indexOf('$');
        return end < 0 ? className : className.substring(0, end);
    }
}
