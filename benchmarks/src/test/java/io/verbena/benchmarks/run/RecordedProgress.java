package io.verbena.benchmarks.run;

import io.verbena.benchmarks.row.BenchRow;
import io.verbena.benchmarks.row.RowResult;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a run says. */
final class RecordedProgress implements RunProgress {
    private final List<String> steps = new ArrayList<>();
    private final List<RowResult> results = new ArrayList<>();

    @Override
    public void at(BenchRow row, int number, int count, String step) {
        steps.add(row.label() + " " + number + "/" + count + " " + step);
    }

    @Override
    public void done(RowResult result) {
        results.add(result);
    }

    List<String> steps() {
        return steps;
    }

    List<RowResult> results() {
        return results;
    }
}
