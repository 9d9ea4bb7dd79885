package io.verbena.testkit.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tests that {@code docs/behaviour.md} names exist, and each row has tests or says why there is none. */
class BehaviourPageTest {
    private static final Path DOCS =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("docs");
    private static final Pattern TEST = Pattern.compile("\\[(\\w+)\\.(\\w+)\\]\\(([^)]+)\\)");
    private static final String TEST_ANNOTATIONS = "@(?:Test|ParameterizedTest|Seeded)\\b";

    private final String page = read(DOCS.resolve("behaviour.md"));

    @Test
    void namesTestsThatExist() {
        List<String> missing = new ArrayList<>();
        Matcher test = TEST.matcher(page);
        int tests = 0;
        while (test.find()) {
            tests++;
            Path file = DOCS.resolve(test.group(3)).normalize();
            boolean rightFile = file.endsWith(test.group(1) + ".java") && Files.exists(file);
            if (!rightFile || !isTest(read(file), test.group(2))) {
                missing.add(test.group());
            }
        }

        assertThat(missing).isEmpty();
        assertThat(tests).isGreaterThan(100);
    }

    @Test
    void everyRowHasATestOrSaysWhyThereIsNone() {
        List<String> rows = page.lines()
                .filter(line -> line.startsWith("| `"))
                .filter(row -> !TEST.matcher(row).find())
                .toList();

        assertThat(rows).allMatch(row -> row.contains("| none |"));
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.substring(row.lastIndexOf('|', row.length() - 2) + 1)
                                .strip())
                        .hasSizeGreaterThan(10));
    }

    /** Whether a method of the name stands directly behind the annotations of a test. */
    private static boolean isTest(String source, String method) {
        return Pattern.compile(TEST_ANNOTATIONS + "(?:(?!\n    }\n|\n\n).)*?\\bvoid " + method + "\\(", Pattern.DOTALL)
                .matcher(source)
                .find();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
