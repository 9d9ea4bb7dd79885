package io.verbena.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.conformance.CaseOutcome;
import io.verbena.conformance.ConformanceCase;
import io.verbena.conformance.ConformanceCases;
import io.verbena.conformance.SubjectRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The pages on siw agree with each other: each case that differs has its reasons in docs/conformance/siw.md, and no other is
 * named there. Needs no siw; whether siw still does what they say is for {@code ConformanceWithSiwIT}.
 */
class SiwPagesTest {
    private static final Path PAGES =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("docs/conformance");
    private static final Pattern DIFFERENCE = Pattern.compile("^\\| (\\d+) \\| (.*) \\|([^|]*)\\|$", Pattern.MULTILINE);
    private static final Pattern CASE = Pattern.compile("`([a-z0-9-]+)`");
    private static final Pattern REASON = Pattern.compile("^\\* `([a-z0-9-]+)`: (.*)$", Pattern.MULTILINE);
    private static final Pattern RESULT =
            Pattern.compile("^\\| ([a-z0-9-]+) \\| RFC .* \\| (\\w+) \\|$", Pattern.MULTILINE);
    /** Lines up to this one are about every Terminate, whatever it is for. */
    private static final int LAST_OF_EVERY_TERMINATE = 4;

    @ParameterizedTest
    @EnumSource(SubjectRole.class)
    void eachCaseThatDoesNotPassIsExplained(SubjectRole role) throws IOException {
        assertThat(named(differences().values())).containsAll(reasons(role).keySet());
    }

    @Test
    void noCaseIsNamedThatPasses() throws IOException {
        TreeSet<String> differing = new TreeSet<>();
        for (SubjectRole role : SubjectRole.values()) {
            differing.addAll(reasons(role).keySet());
        }

        assertThat(differing).containsAll(named(differences().values()));
    }

    @ParameterizedTest
    @CsvSource({
        "1, are in the order of a little-endian bit field",
        "2, DDP Segment Length is",
        "3, the returned DDP header is",
        "4, it should not return a Read Request header",
        "17, pad octet is not zero"
    })
    void aReasonThatManyCasesShareNamesEachOfThem(int number, String words) throws IOException {
        for (SubjectRole role : SubjectRole.values()) {
            assertThat(differences().get(number)).containsAll(casesWith(role, words));
        }
    }

    @ParameterizedTest
    @EnumSource(SubjectRole.class)
    void anotherTripleIsExplainedByMoreThanTheShapeOfEveryTerminate(SubjectRole role) throws IOException {
        Map<Integer, List<String>> behind = differences();
        behind.keySet().removeIf(number -> number <= LAST_OF_EVERY_TERMINATE);

        assertThat(named(behind.values())).containsAll(casesWith(role, "; it is "));
    }

    @Test
    void theLinesAreNumbered() throws IOException {
        Map<Integer, List<String>> differences = differences();

        assertThat(differences.keySet())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, differences.size()).boxed().toList());
        assertThat(differences.values()).noneMatch(List::isEmpty);
    }

    @ParameterizedTest
    @EnumSource(SubjectRole.class)
    void thePagesHaveTheCasesThereAre(SubjectRole role) throws IOException {
        assertThat(results(role).keySet())
                .as(
                        "cases of siw as %s; interop/conformance-with-siw --write plays them and writes the page",
                        role.word())
                .containsExactlyElementsOf(ConformanceCases.of(role).stream()
                        .map(ConformanceCase::name)
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(SubjectRole.class)
    void eachCaseThatDoesNotPassHasItsReason(SubjectRole role) throws IOException {
        List<String> notPassed = results(role).entrySet().stream()
                .filter(each -> !each.getValue().equals(CaseOutcome.PASS.word()))
                .map(Map.Entry::getKey)
                .toList();

        assertThat(reasons(role).keySet()).containsExactlyInAnyOrderElementsOf(notPassed);
    }

    private static List<String> casesWith(SubjectRole role, String words) throws IOException {
        List<String> cases = reasons(role).entrySet().stream()
                .filter(each -> each.getValue().contains(words))
                .map(Map.Entry::getKey)
                .toList();
        assertThat(cases).as("cases of siw as %s with '%s'", role.word(), words).isNotEmpty();
        return cases;
    }

    private static TreeSet<String> named(Iterable<List<String>> lines) {
        TreeSet<String> names = new TreeSet<>();
        lines.forEach(names::addAll);
        return names;
    }

    /** Returns the numbered lines of siw.md, each with the cases it names. */
    private static Map<Integer, List<String>> differences() throws IOException {
        Map<Integer, List<String>> lines = new LinkedHashMap<>();
        Matcher line = DIFFERENCE.matcher(Files.readString(PAGES.resolve("siw.md")));
        while (line.find()) {
            List<String> cases = new ArrayList<>();
            Matcher name = CASE.matcher(line.group(3));
            while (name.find()) {
                cases.add(name.group(1));
            }
            lines.put(Integer.valueOf(line.group(1)), cases);
        }
        return lines;
    }

    /** Returns why the cases differ, or were skipped. */
    private static Map<String, String> reasons(SubjectRole role) throws IOException {
        return pairs(REASON, role);
    }

    /** Returns what became of each case. */
    private static Map<String, String> results(SubjectRole role) throws IOException {
        return pairs(RESULT, role);
    }

    private static Map<String, String> pairs(Pattern pattern, SubjectRole role) throws IOException {
        return pattern.matcher(Files.readString(PAGES.resolve("siw-" + role.word() + ".md")))
                .results()
                .collect(Collectors.toMap(
                        each -> each.group(1), each -> each.group(2), (first, second) -> first, LinkedHashMap::new));
    }
}
