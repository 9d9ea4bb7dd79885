package io.verbena.requirements;

import java.util.List;
import java.util.Objects;

/**
 * What became of one test, or of one class as a whole where that kept its tests from running.
 *
 * @param className binary name of the class that ran, the inner one for nested tests
 * @param declaringClassName binary name of the class that declares the method: another one if the method is inherited
 * @param methodName the test's method; empty for a class as a whole
 * @param outcome what became of it
 * @param reason why it did not pass; empty if it did
 */
public record TestRecord(
        String className, String declaringClassName, String methodName, TestOutcome outcome, String reason) {
    /** Checks that no component is missing. */
    public TestRecord {
        Objects.requireNonNull(className, "className");
        Objects.requireNonNull(declaringClassName, "declaringClassName");
        Objects.requireNonNull(methodName, "methodName");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(reason, "reason");
    }

    /** Returns whether this record is about a class as a whole. */
    public boolean isAboutClass() {
        return methodName.isEmpty();
    }

    String line() {
        return CommaSeparated.line(List.of(className, declaringClassName, methodName, outcome.name(), reason));
    }

    static TestRecord of(String line) {
        List<String> values = CommaSeparated.values(line);
        if (values.size() != 5) {
            throw new IllegalArgumentException("a record of a test has 5 values, and this line has not: " + line);
        }
        return new TestRecord(
                values.get(0), values.get(1), values.get(2), TestOutcome.valueOf(values.get(3)), values.get(4));
    }
}
