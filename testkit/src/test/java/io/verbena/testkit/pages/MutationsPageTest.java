package io.verbena.testkit.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each line of {@code docs/mutations.md} can be tried again: what it changes is there, and for each of its rules one of the tests
 * that it names stands in {@code docs/compliance.md}.
 */
class MutationsPageTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Pattern LINE = Pattern.compile("^\\| ([A-Z]+-[^|]*) \\| (.*) \\| (.*) \\|$");
    private static final Pattern RULE = Pattern.compile("[A-Z]{2,5}-(?:[A-Z]+|[A-Z0-9.]+)-\\d+");
    private static final Pattern CHANGED = Pattern.compile("^`([A-Z]\\w+)(?:\\.(\\w+))?");
    private static final Pattern TEST = Pattern.compile("`(\\w+Test)[.#](\\w+)`");
    private static final Pattern COMPLIANCE_ROW = Pattern.compile("^\\| ([A-Z]+-\\S+-\\d+) \\| .*");
    private static final int LINES_AT_LEAST = 600;

    /** A line of the page. */
    private record Mutation(String rules, String change, String tests, String line) {}

    private final List<Mutation> mutations = mutations();

    @Test
    void readsEveryLine() {
        assertThat(mutations).hasSizeGreaterThan(LINES_AT_LEAST).allSatisfy(mutation -> {
            assertThat(RULE.matcher(mutation.rules()).find())
                    .as(mutation.line())
                    .isTrue();
            assertThat(CHANGED.matcher(mutation.change()).find())
                    .as(mutation.line())
                    .isTrue();
            assertThat(TEST.matcher(mutation.tests()).find())
                    .as(mutation.line())
                    .isTrue();
        });
    }

    @Test
    void changesWhatIsThere() throws IOException {
        Map<String, String> sources = sources();
        assertThat(mutations).allSatisfy(mutation -> {
            Matcher changed = CHANGED.matcher(mutation.change());
            assertThat(changed.find()).isTrue();
            assertThat(sources).as(mutation.line()).containsKey(changed.group(1));
            if (changed.group(2) != null) {
                assertThat(sources.get(changed.group(1))).as(mutation.line()).containsPattern("\\b" + changed.group(2));
            }
        });
    }

    @Test
    void namesTestsThatCarryTheRules() {
        Map<String, String> rows = new HashMap<>();
        read(ROOT.resolve("docs/compliance.md")).lines().forEach(line -> {
            Matcher row = COMPLIANCE_ROW.matcher(line);
            if (row.matches()) {
                rows.put(row.group(1), line);
            }
        });
        assertThat(mutations).allSatisfy(mutation -> {
            List<String> tests = TEST.matcher(mutation.tests())
                    .results()
                    .map(test -> "[" + test.group(1) + "." + test.group(2) + "]")
                    .toList();
            List<String> rules = RULE.matcher(mutation.rules().split(": ", 2)[0])
                    .results()
                    .map(rule -> rule.group())
                    .toList();
            assertThat(rules).as(mutation.line()).isNotEmpty().allSatisfy(rule -> {
                assertThat(rows).containsKey(rule);
                assertThat(tests).anyMatch(rows.get(rule)::contains);
            });
        });
    }

    private static List<Mutation> mutations() {
        List<Mutation> found = new ArrayList<>();
        read(ROOT.resolve("docs/mutations.md")).lines().forEach(text -> {
            Matcher line = LINE.matcher(text);
            if (line.matches()) {
                found.add(new Mutation(line.group(1), line.group(2), line.group(3), text));
            }
        });
        return found;
    }

    /** Returns the main code of all modules, by name of the class. */
    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.map(each -> each.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(module)) {
                    files.filter(file -> file.toString().endsWith(".java"))
                            .forEach(file -> sources.merge(
                                    file.getFileName().toString().replace(".java", ""), read(file), String::concat));
                }
            }
        }
        return sources;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
