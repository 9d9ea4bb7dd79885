package io.verbena.compliance;

import java.util.List;

/**
 * A test that carries ids of requirements, or a class that carries them for all its tests.
 *
 * @param module the module's folder
 * @param className binary name of the class that declares it
 * @param methodName the test's method; empty for a class as a whole
 * @param source its source file, from the top of the repository, with forward slashes
 * @param interop whether it needs the machine of another implementation, so that the ordinary build leaves it out
 * @param ids what it carries
 */
record Carrier(String module, String className, String methodName, String source, boolean interop, List<String> ids) {
    /** Returns the name that people know it by: {@code Outer.Inner.method}. */
    String title() {
        String simple = className.substring(className.lastIndexOf('.') + 1).replace('$', '.');
        return methodName.isEmpty() ? simple : simple + '.' + methodName;
    }

    /** Returns whether it runs in Maven's phase for integration tests, later than all others. */
    boolean isIntegrationTest() {
        return className.replaceFirst("\\$.*", "").endsWith("IT");
    }
}
