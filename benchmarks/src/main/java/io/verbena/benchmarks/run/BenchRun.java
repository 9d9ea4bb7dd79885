package io.verbena.benchmarks.run;

import io.verbena.benchmarks.row.BenchRow;
import io.verbena.benchmarks.row.Effort;
import io.verbena.benchmarks.row.RowResult;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs rows one behind the other; one that fails does not keep the next from being run.
 *
 * @param launcher starts the ends
 * @param effort how much is done
 * @param repetitions measurements of each contender in a row, 1 or more
 */
public record BenchRun(EndLauncher launcher, Effort effort, int repetitions) {
    /** Checks the number. */
    public BenchRun {
        if (repetitions < 1) {
            throw new IllegalArgumentException("repetitions " + repetitions + " must be at least 1");
        }
    }

    /** Runs {@code rows} and returns what came of each, in their order. */
    public List<RowResult> run(List<BenchRow> rows, RunProgress progress) throws InterruptedException {
        List<RowResult> results = new ArrayList<>();
        for (BenchRow row : rows) {
            int number = results.size() + 1;
            RowResult result;
            try (RowRun run = new RowRun(launcher, row, effort, repetitions)) {
                result = run.run(step -> progress.at(row, number, rows.size(), step));
            }
            progress.done(result);
            results.add(result);
        }
        return results;
    }
}
