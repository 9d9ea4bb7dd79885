package io.verbena.conformance;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Plays cases with one stack, one after the other; each has connections of its own.
 *
 * <p>Thread rule: one thread.
 */
public final class ConformanceRun {
    private final Subject subject;
    private final Consumer<CaseResult> told;

    /** Makes a run; {@code told} hears of each result at once. */
    public ConformanceRun(Subject subject, Consumer<CaseResult> told) {
        this.subject = subject;
        this.told = told;
    }

    /** Plays the cases and returns their results in the same order. */
    public List<CaseResult> play(List<ConformanceCase> cases) {
        List<CaseResult> results = new ArrayList<>();
        boolean gone = false;
        for (ConformanceCase each : cases) {
            CaseResult result =
                    gone ? new CaseResult(each, CaseOutcome.SKIPPED, "the stack under test is gone", 0) : play(each);
            gone |= result.reason().startsWith("nobody ");
            results.add(result);
            told.accept(result);
        }
        return results;
    }

    private CaseResult play(ConformanceCase each) {
        long begin = System.nanoTime();
        CaseOutcome outcome = CaseOutcome.PASS;
        String reason = "";
        try (Stage stage = new Stage(subject)) {
            each.script().play(stage);
        } catch (CaseSkippedException e) {
            outcome = CaseOutcome.SKIPPED;
            reason = e.getMessage();
        } catch (SubjectAbsentException | AssertionError e) {
            outcome = CaseOutcome.DIFFERS;
            reason = e.getMessage();
        } catch (UncheckedIOException e) {
            outcome = CaseOutcome.DIFFERS;
            reason = "the connection broke: " + e.getCause().getMessage();
        }
        return new CaseResult(each, outcome, reason, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }
}
