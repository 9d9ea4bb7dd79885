package io.verbena.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Plays cases with one stack, one after the other; each has connections of its own.
 *
 * <p>Thread rule: one thread.
 */
public final class ConformanceRun {
    /** After so many cases that could not even begin, the others would not either, but take long. */
    private static final int MOST_IN_VAIN = 8;

    private final Subject subject;
    private final Consumer<CaseResult> told;

    private Predicate<ConformanceCase> alone = each -> false;
    private Renewal renewal = () -> {};

    /** Makes a run; {@code told} hears of each result at once. */
    public ConformanceRun(Subject subject, Consumer<CaseResult> told) {
        this.subject = subject;
        this.told = told;
    }

    /**
     * Plays some cases alone, because the stack under test is not fit for others behind them.
     *
     * @param which those cases
     * @param anew called before and behind each of them, but not at the beginning and the end of the run
     */
    public ConformanceRun isolating(Predicate<ConformanceCase> which, Renewal anew) {
        alone = which;
        renewal = anew;
        return this;
    }

    /**
     * Plays the cases and returns their results in the same order.
     *
     * @throws IOException if the stack could not be made anew
     * @throws InterruptedException if the thread was interrupted; the case that was under way is played to its end
     */
    public List<CaseResult> play(List<ConformanceCase> cases) throws IOException, InterruptedException {
        List<CaseResult> results = new ArrayList<>();
        String gone = null;
        int vain = 0;
        boolean fit = true;
        for (ConformanceCase each : cases) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted before " + each.name());
            }
            if (!fit || (alone.test(each) && !results.isEmpty())) {
                renewal.renew();
                subject.forget();
                gone = null;
                vain = 0;
            }
            fit = !alone.test(each);
            CaseResult result = gone != null ? new CaseResult(each, CaseOutcome.SKIPPED, gone, 0) : play(each);
            vain = result.reason().startsWith(Stage.NO_SESSION) ? vain + 1 : 0;
            if (vain == MOST_IN_VAIN) {
                gone = "no session with the application could be had " + MOST_IN_VAIN + " times in a row";
            } else if (result.reason().startsWith("nobody ")) {
                gone = "the stack under test is gone";
            }
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
