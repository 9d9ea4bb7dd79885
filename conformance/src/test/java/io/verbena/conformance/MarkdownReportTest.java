package io.verbena.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {
    private static final ConformanceCase ONE =
            new ConformanceCase("ddp-one", "RFC 5041 7.1", "this", "that", stage -> {});

    @Test
    void tellsWhatDiffersFirst() {
        String page = MarkdownReport.of(
                "a stack",
                SubjectRole.INITIATOR,
                List.of(
                        new CaseResult(ONE, CaseOutcome.PASS, "", 3),
                        new CaseResult(ONE, CaseOutcome.DIFFERS, "it is 1/1/01", 4),
                        new CaseResult(ONE, CaseOutcome.SKIPPED, "there is none", 5)));

        assertThat(page).isEqualTo("""
                        # Conformance of a stack as initiator

                        3 cases: 1 passed, 1 differ, 1 skipped.

                        ## What differs

                        * `ddp-one`: it is 1/1/01.

                        ## What was skipped

                        * `ddp-one`: there is none.

                        ## All cases

                        | case | clause | we send | expected | result |
                        |---|---|---|---|---|
                        | ddp-one | RFC 5041 7.1 | this | that | pass |
                        | ddp-one | RFC 5041 7.1 | this | that | differs |
                        | ddp-one | RFC 5041 7.1 | this | that | skipped |
                        """);
    }
}
