package io.verbena.compliance;

import io.verbena.requirements.RequirementCatalogue;
import io.verbena.requirements.RequirementExceptions;
import io.verbena.requirements.RequirementRow;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Writes {@code docs/compliance.md} from the catalogue, the exceptions and the tests that carry ids. */
final class CompliancePage {
    private static final String EXCEPTION = "exception";

    private static final String HEAD = """
            # Compliance

            What is required, and the tests that show it. Generated from the catalogue (`requirements/*.csv`), from the ids that
            tests carry (`@Requirement`), and from `requirements/exceptions.csv`; do not edit. After a test has got or lost an id, or
            an exception has come or gone:

            ```
            mvn -q -Dquick -pl compliance -am test -Dtest=CompliancePageTest -Dsurefire.failIfNoSpecifiedTests=false -Dverbena.regenerate=true
            ```

            * `passed`: the tests beside the row pass; how much of the row they show is for the reader to judge.
            * `interop`: the tests need another implementation and run under `-Pinterop` only.
            * `exception`: no test can show the row, or it is not for us; the reason stands beside it.
            * `open`: no test carries the id yet; that says nothing about the code.

            `mvn verify` fails when a test listed here fails or does not run, when all tests of a row find that the machine lacks
            what they need, when a test or an exception has an id that the catalogue does not have, when a row has both a test and
            an exception, when a MUST or MUST NOT that applies in full is open, and when this page is not the one that the tests
            give. That tests notice when a rule is broken was [tried](mutations.md).

            Levels are those of the RFCs; DEF is a statement without a key word. Verbs have MUST and OPTIONAL from
            draft-hilland-rddp-verbs, EXTENSION for what later interfaces added, DESIGN for what follows from both. Behind the
            level: P, the row applies in part; N, it does not apply above the TCP of an operating system.

            | part | rows | with tests | exceptions | open |
            |---|---|---|---|---|
            """;

    /** Parts of the page in order. */
    private enum Part {
        MEMORY("Memory translation and protection", "SYS-MEM"),
        CACHE("Registration cache", "SYS-CACHE"),
        WORK_QUEUES("Send and receive queues", "SYS-WQ"),
        SHARED_RECEIVE_QUEUES("Shared receive queue", "SYS-SRQ"),
        POOL("Adapter buffer pool", "SYS-POOL"),
        ISCSI("iSCSI queue pairs", "SYS-ISCSI"),
        VERBS("Verbs", "VRB"),
        MPA("MPA (RFC 5044)", "MPA"),
        ENHANCED("Enhanced connection setup (RFC 6581)", "ENH"),
        DDP("DDP (RFC 5041)", "DDP"),
        RDMAP("RDMAP (RFC 5040)", "RDMAP"),
        EXTENSIONS("Extensions (RFC 7306)", "EXT"),
        SECURITY("Security (RFC 5042)", "SEC");

        private final String title;
        private final String ids;

        Part(String title, String ids) {
            this.title = title;
            this.ids = ids;
        }

        boolean has(RequirementRow row) {
            return row.group().equals(ids) || row.family().equals(ids);
        }

        /** Returns the name that renderers of Markdown give the heading. */
        String anchor() {
            return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
        }
    }

    private final RequirementCatalogue catalogue;
    private final RequirementExceptions exceptions;
    private final Map<String, List<Carrier>> carriers;
    private final StringBuilder page = new StringBuilder();

    private CompliancePage(RequirementCatalogue catalogue, RequirementExceptions exceptions, List<Carrier> carriers) {
        this.catalogue = catalogue;
        this.exceptions = exceptions;
        this.carriers = byId(carriers);
    }

    static String text(RequirementCatalogue catalogue, RequirementExceptions exceptions, List<Carrier> carriers) {
        CompliancePage page = new CompliancePage(catalogue, exceptions, carriers);
        page.appendHead();
        for (Part part : Part.values()) {
            page.appendPart(part);
        }
        return page.page.toString();
    }

    /** Returns the carriers of each id, in their order. */
    static Map<String, List<Carrier>> byId(List<Carrier> carriers) {
        return carriers.stream()
                .flatMap(carrier -> carrier.ids().stream().distinct().map(id -> Map.entry(id, carrier)))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    private void appendHead() {
        page.append(HEAD);
        for (Part part : Part.values()) {
            appendCounts("[" + part.title + "](#" + part.anchor() + ")", part::has);
        }
        appendCounts("all", row -> true);
    }

    private void appendCounts(String name, Predicate<RequirementRow> which) {
        List<RequirementRow> rows = catalogue.rows().stream().filter(which).toList();
        long shown = rows.stream().filter(this::hasTests).count();
        long excepted =
                rows.stream().filter(row -> result(row).equals(EXCEPTION)).count();
        page.append("| ").append(name);
        for (long count : new long[] {rows.size(), shown, excepted, rows.size() - shown - excepted}) {
            page.append(" | ").append(count);
        }
        page.append(" |\n");
    }

    private void appendPart(Part part) {
        page.append("\n## ").append(part.title).append("\n\n");
        page.append("| id | level | requirement | tests, or why there is none | result |\n|---|---|---|---|---|\n");
        catalogue.rows().stream().filter(part::has).forEach(this::appendRow);
    }

    private void appendRow(RequirementRow row) {
        page.append("| ")
                .append(row.id())
                .append(" | ")
                .append(level(row))
                .append(" | ")
                .append(cell(row.text()))
                .append(" | ");
        StringJoiner evidence = new StringJoiner(", ", "", hasTests(row) ? " " : "");
        for (Carrier carrier : carriersOf(row)) {
            evidence.add("[" + carrier.title() + "](../" + carrier.source() + ")");
        }
        exceptions
                .reason(row.id())
                .ifPresent(reason -> page.append(cell(reason)).append(' '));
        page.append(evidence).append("| ").append(result(row)).append(" |\n");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private static String level(RequirementRow row) {
        String level = row.level().equals("SYSTEM") ? "acceptance" : row.level();
        boolean applies = row.applies().isEmpty() || row.applies().equals("Y");
        return applies ? level : level + ", " + row.applies();
    }

    private String result(RequirementRow row) {
        List<Carrier> tests = carriersOf(row);
        if (tests.isEmpty()) {
            return exceptions.reason(row.id()).isPresent() ? EXCEPTION : "open";
        }
        return tests.stream().allMatch(Carrier::interop) ? "interop" : "passed";
    }

    private boolean hasTests(RequirementRow row) {
        return carriers.containsKey(row.id());
    }

    private List<Carrier> carriersOf(RequirementRow row) {
        return carriers.getOrDefault(row.id(), List.of());
    }
}
