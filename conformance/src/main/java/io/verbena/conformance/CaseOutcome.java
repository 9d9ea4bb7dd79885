package io.verbena.conformance;

import java.util.List;
import java.util.Locale;

/** What became of a case. */
public enum CaseOutcome {
    /** What had to come back came back. */
    PASS,
    /** Something else came back. */
    DIFFERS,
    /** The stack need not have what the case needs, and does not. */
    SKIPPED;

    /** Returns the word that reports use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns how many of {@code results} became this. */
    public long count(List<CaseResult> results) {
        return results.stream().filter(each -> each.outcome() == this).count();
    }
}
