package io.verbena.examples.conformance;

import com.fasterxml.jackson.jr.ob.JSON;
import io.verbena.conformance.CaseOutcome;
import io.verbena.conformance.CaseResult;
import io.verbena.conformance.MarkdownReport;
import io.verbena.conformance.SubjectRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Results as files: JSON for programs, Markdown for people. */
final class ResultFiles {
    private ResultFiles() {}

    static void writeJson(Path file, String stack, SubjectRole role, List<CaseResult> results) throws IOException {
        List<Map<String, Object>> cases = new ArrayList<>();
        for (CaseResult result : results) {
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("name", result.played().name());
            each.put("clause", result.played().clause());
            each.put("sends", result.played().sends());
            each.put("expects", result.played().expects());
            each.put("outcome", result.outcome().word());
            each.put("reason", result.reason());
            each.put("milliseconds", result.milliseconds());
            cases.add(each);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("stack", stack);
        all.put("role", role.word());
        for (CaseOutcome outcome : CaseOutcome.values()) {
            all.put(outcome.word(), outcome.count(results));
        }
        all.put("cases", cases);
        Files.writeString(file, JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(all) + "\n");
    }

    static void writeMarkdown(Path file, String stack, SubjectRole role, List<CaseResult> results) throws IOException {
        Files.writeString(file, MarkdownReport.of(stack, role, results));
    }
}
