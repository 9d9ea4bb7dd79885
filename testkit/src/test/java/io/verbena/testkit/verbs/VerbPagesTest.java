package io.verbena.testkit.verbs;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.requirements.RequirementCatalogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The pages of {@code docs/verbs} have the same parts, name rows that exist, and show the examples as they run in the classes
 * of this package. After a change of an example run this test with {@code -Dverbena.regenerate=true}.
 */
class VerbPagesTest {
    private static final Path HERE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    private static final Path PAGES = HERE.resolveSibling("docs").resolve("verbs");
    private static final Path SOURCES = HERE.resolve("src/test/java/io/verbena/testkit/verbs");

    private static final Pattern EXAMPLE = Pattern.compile("( *)// example: ([^\n]+)\n(.*?) *// end\n", Pattern.DOTALL);
    private static final Pattern SHOWN = Pattern.compile("<!-- ([^\n]+) -->\n```java\n(.*?)```\n", Pattern.DOTALL);
    private static final Pattern ID = Pattern.compile("\\b(?:SYS|VRB|MPA|ENH|DDP|RDMAP|EXT|SEC)-[A-Z0-9.]+-\\d+");
    private static final List<String> PARTS = List.of(
            "Example",
            "Inputs",
            "Result",
            "Refused at once",
            "Refused in the completion",
            "libibverbs",
            "On the wire",
            "Rows and tests");

    @Test
    void showTheExamplesThatRun() {
        Map<String, String> examples = examples();
        Map<String, String> shown = new TreeMap<>();
        for (Path page : pages()) {
            if (Boolean.getBoolean("verbena.regenerate")) {
                regenerate(page, examples);
            }
            SHOWN.matcher(read(page)).results().forEach(block -> shown.put(block.group(1), block.group(2)));
        }

        assertThat(shown)
                .as("examples in docs/verbs; regenerate with -Dverbena.regenerate=true")
                .isEqualTo(examples);
    }

    @Test
    void haveTheSameParts() {
        for (Path page : pages()) {
            List<String> parts = read(page)
                    .lines()
                    .filter(line -> line.startsWith("## "))
                    .map(line -> line.substring(3))
                    .toList();
            assertThat(parts).as(page.getFileName().toString()).isEqualTo(PARTS);
        }
    }

    @Test
    void nameRowsOfTheCatalogue() {
        RequirementCatalogue catalogue = RequirementCatalogue.load();
        for (Path page : pages()) {
            Collection<String> ids = ID.matcher(read(page))
                    .results()
                    .map(MatchResult::group)
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(ids)
                    .as(page.getFileName().toString())
                    .isNotEmpty()
                    .allMatch(catalogue::has, "is in the catalogue");
        }
    }

    @Test
    void areInTheIndex() {
        String index = read(PAGES.resolve("README.md"));

        assertThat(pages())
                .hasSizeGreaterThan(4)
                .allSatisfy(page -> assertThat(index).contains("](" + page.getFileName() + ")"));
    }

    private static void regenerate(Path page, Map<String, String> examples) {
        String text = SHOWN.matcher(read(page)).replaceAll(block -> {
            String example = examples.getOrDefault(block.group(1), block.group(2));
            return Matcher.quoteReplacement("<!-- " + block.group(1) + " -->\n```java\n" + example + "```\n");
        });
        try {
            Files.writeString(page, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the examples by name, without the indentation of their marks. */
    private static Map<String, String> examples() {
        Map<String, String> examples = new TreeMap<>();
        for (Path source : files(SOURCES, ".java")) {
            EXAMPLE.matcher(read(source)).results().forEach(example -> {
                String indentation = "(?m)^" + example.group(1);
                String before = examples.put(example.group(2), example.group(3).replaceAll(indentation, ""));
                assertThat(before).as("examples called " + example.group(2)).isNull();
            });
        }
        return examples;
    }

    private static List<Path> pages() {
        List<Path> pages = new ArrayList<>(files(PAGES, ".md"));
        pages.removeIf(page -> page.endsWith("README.md"));
        return pages;
    }

    private static List<Path> files(Path folder, String ending) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
