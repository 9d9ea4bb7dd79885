package io.verbena.compliance;

import io.verbena.requirements.RequirementCatalogue;
import io.verbena.requirements.RequirementRow;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Writes {@code docs/compliance.md} from the catalogue and the tests that carry its ids. */
final class CompliancePage {
    private static final String HEAD = """
            # Compliance

            What is required, and the tests that show it. Generated from the catalogue (`requirements/*.csv`) and from the ids that
            tests carry (`@Requirement`); do not edit. After a test has got or lost an id:

            ```
            mvn -q -Dquick -pl compliance -am test -Dtest=CompliancePageTest -Dsurefire.failIfNoSpecifiedTests=false -Dverbena.regenerate=true
            ```

            * `passed`: the tests beside the row pass; how much of the row they show is for the reader to judge.
            * `interop`: the tests need another implementation and run under `-Pinterop` only.
            * `open`: no test carries the id yet; that says nothing about the code.

            `mvn verify` fails when a test listed here fails or does not run, when all tests of a row find that the machine lacks
            what they need, when a test carries an id that the catalogue does not have, and when this page is not the one that the
            tests give.

            Levels are those of the RFCs; DEF is a statement without a key word. Verbs have MUST and OPTIONAL from
            draft-hilland-rddp-verbs, EXTENSION for what later interfaces added, DESIGN for what follows from both. Behind the
            level: P, the row applies in part; N, it does not apply above the TCP of an operating system.

            | part | rows | with tests | open |
            |---|---|---|---|
            """;

    /** Parts of the page in order; the groups of complete ones show their open rows too. */
    private enum Part {
        MEMORY("Memory translation and protection", "SYS-MEM", true),
        CACHE("Registration cache", "SYS-CACHE", true),
        WORK_QUEUES("Send and receive queues", "SYS-WQ", false),
        SHARED_RECEIVE_QUEUES("Shared receive queue", "SYS-SRQ", false),
        POOL("Adapter buffer pool", "SYS-POOL", false),
        ISCSI("iSCSI queue pairs", "SYS-ISCSI", false),
        VERBS("Verbs", "VRB", false),
        MPA("MPA (RFC 5044)", "MPA", false),
        ENHANCED("Enhanced connection setup (RFC 6581)", "ENH", false),
        DDP("DDP (RFC 5041)", "DDP", false),
        RDMAP("RDMAP (RFC 5040)", "RDMAP", false),
        EXTENSIONS("Extensions (RFC 7306)", "EXT", false),
        SECURITY("Security (RFC 5042)", "SEC", false);

        private final String title;
        private final String ids;
        private final boolean complete;

        Part(String title, String ids, boolean complete) {
            this.title = title;
            this.ids = ids;
            this.complete = complete;
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
    private final Map<String, List<Carrier>> carriers;
    private final StringBuilder page = new StringBuilder();

    private CompliancePage(RequirementCatalogue catalogue, List<Carrier> carriers) {
        this.catalogue = catalogue;
        this.carriers = byId(carriers);
    }

    static String text(RequirementCatalogue catalogue, List<Carrier> carriers) {
        CompliancePage page = new CompliancePage(catalogue, carriers);
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

    private void appendCounts(String name, Predicate<RequirementRow> rows) {
        long all = catalogue.rows().stream().filter(rows).count();
        long shown =
                catalogue.rows().stream().filter(rows).filter(this::hasTests).count();
        page.append("| ")
                .append(name)
                .append(" | ")
                .append(all)
                .append(" | ")
                .append(shown)
                .append(" | ");
        page.append(all - shown).append(" |\n");
    }

    private void appendPart(Part part) {
        List<RequirementRow> rows = catalogue.rows().stream()
                .filter(part::has)
                .filter(row -> part.complete || hasTests(row))
                .toList();
        if (rows.isEmpty()) {
            return;
        }
        page.append("\n## ").append(part.title).append("\n\n");
        if (!part.complete) {
            page.append("Rows with tests only.\n\n");
        }
        page.append("| id | level | requirement | tests | result |\n|---|---|---|---|---|\n");
        for (RequirementRow row : rows) {
            appendRow(row);
        }
    }

    private void appendRow(RequirementRow row) {
        page.append("| ")
                .append(row.id())
                .append(" | ")
                .append(level(row))
                .append(" | ")
                .append(row.text().replace("|", "\\|"))
                .append(" | ");
        StringJoiner tests = new StringJoiner(", ", "", hasTests(row) ? " " : "");
        for (Carrier carrier : carriersOf(row)) {
            tests.add("[" + carrier.title() + "](../" + carrier.source() + ")");
        }
        page.append(tests).append("| ").append(result(row)).append(" |\n");
    }

    private static String level(RequirementRow row) {
        String level = row.level().equals("SYSTEM") ? "acceptance" : row.level();
        boolean applies = row.applies().isEmpty() || row.applies().equals("Y");
        return applies ? level : level + ", " + row.applies();
    }

    private String result(RequirementRow row) {
        List<Carrier> tests = carriersOf(row);
        if (tests.isEmpty()) {
            return "open";
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
