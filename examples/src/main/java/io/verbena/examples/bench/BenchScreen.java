package io.verbena.examples.bench;

import io.verbena.benchmarks.row.BenchRow;
import io.verbena.benchmarks.row.RowResult;
import io.verbena.benchmarks.row.RowTable;
import io.verbena.benchmarks.run.RunProgress;
import java.io.PrintWriter;

/**
 * Shows how a run goes: rows on the output; on the other stream what is being done, in one line that is written over where
 * somebody watches, and else in one line for each row.
 *
 * <p>Thread rule: one thread.
 */
final class BenchScreen implements RunProgress {
    private static final int COLUMNS = 78;

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean watched;
    private int shown;

    BenchScreen(PrintWriter out, PrintWriter err, boolean watched) {
        this.out = out;
        this.err = err;
        this.watched = watched;
    }

    @Override
    public void at(BenchRow row, int number, int count, String step) {
        String place = "[" + number + "/" + count + "] " + row.label();
        if (watched) {
            String line = place + ": " + step;
            err.print("\r" + line + " ".repeat(Math.max(0, COLUMNS - line.length())));
            err.flush();
        } else if (shown != number) {
            shown = number;
            err.println(place + " ...");
        }
    }

    @Override
    public void done(RowResult result) {
        if (watched) {
            err.print("\r" + " ".repeat(COLUMNS) + "\r");
            err.flush();
        }
        out.println(RowTable.line(result));
        out.flush();
    }
}
