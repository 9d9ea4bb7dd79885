package io.verbena.benchmarks.run;

import io.verbena.benchmarks.row.BenchRow;
import io.verbena.benchmarks.row.RowResult;

/** Hears how a run goes. */
public interface RunProgress {
    /** Something begins: {@code step}, such as "warming up", in row {@code number} of {@code count}. */
    void at(BenchRow row, int number, int count, String step);

    /** A row is done, well or not. */
    void done(RowResult result);
}
