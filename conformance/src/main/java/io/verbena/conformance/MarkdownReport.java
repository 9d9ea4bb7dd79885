package io.verbena.conformance;

import java.util.List;

/** The results of a run as a Markdown page: what differs first, then a table of all. */
public final class MarkdownReport {
    private MarkdownReport() {}

    /** Returns the page. Times are left out, so that equal results make equal pages. */
    public static String of(String stack, SubjectRole role, List<CaseResult> results) {
        StringBuilder page = new StringBuilder();
        page.append("# Conformance of ")
                .append(stack)
                .append(" as ")
                .append(role.word())
                .append("\n\n");
        page.append(results.size()).append(" cases: ");
        page.append(CaseOutcome.PASS.count(results)).append(" passed, ");
        page.append(CaseOutcome.DIFFERS.count(results)).append(" differ, ");
        page.append(CaseOutcome.SKIPPED.count(results)).append(" skipped.\n");
        list(page, "What differs", CaseOutcome.DIFFERS, results);
        list(page, "What was skipped", CaseOutcome.SKIPPED, results);
        page.append("\n## All cases\n\n| case | clause | we send | expected | result |\n|---|---|---|---|---|\n");
        for (CaseResult result : results) {
            ConformanceCase played = result.played();
            page.append("| ").append(played.name());
            page.append(" | ").append(played.clause());
            page.append(" | ").append(played.sends());
            page.append(" | ").append(played.expects());
            page.append(" | ").append(result.outcome().word()).append(" |\n");
        }
        return page.toString();
    }

    private static void list(StringBuilder page, String title, CaseOutcome outcome, List<CaseResult> results) {
        if (outcome.count(results) == 0) {
            return;
        }
        page.append("\n## ").append(title).append("\n\n");
        for (CaseResult result : results) {
            if (result.outcome() == outcome) {
                page.append("* `").append(result.played().name()).append("`: ");
                page.append(result.reason()).append(".\n");
            }
        }
    }
}
