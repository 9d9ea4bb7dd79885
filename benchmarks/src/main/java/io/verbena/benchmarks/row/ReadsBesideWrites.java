package io.verbena.benchmarks.row;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The budget of Reads, which is a part of what Writes do in the same mode. The two rows are measured minutes apart, so each
 * goes in as its ratio to raw TCP of its own minute.
 */
public final class ReadsBesideWrites {
    /** What Reads have to come to. */
    static final double BUDGET = 0.90;

    private static final Map<BenchRow, BenchRow> WRITES = Map.of(
            BenchRow.READ_1M_DIRECT, BenchRow.WRITE_1M_DIRECT,
            BenchRow.READ_1M_VALIDATED, BenchRow.WRITE_1M_VALIDATED);

    private ReadsBesideWrites() {}

    /**
     * Returns a row of Reads as a part of the row of Writes in the same mode.
     *
     * @param read the row of Reads
     * @param results all rows of the run
     * @return empty if {@code read} is another row, or one of the two was not measured in this run
     */
    public static Optional<Double> ratio(RowResult read, List<RowResult> results) {
        BenchRow write = WRITES.get(read.row());
        return results.stream()
                .filter(result -> result.row() == write)
                .map(result -> read.ratioTo(Contender.RAW) / result.ratioTo(Contender.RAW))
                .filter(Double::isFinite)
                .findFirst();
    }

    /** Returns a line for each row of Reads that can be compared. */
    public static List<String> lines(List<RowResult> results) {
        return results.stream()
                .flatMap(read -> ratio(read, results).map(ratio -> line(read.row(), ratio)).stream())
                .toList();
    }

    private static String line(BenchRow read, double ratio) {
        return String.format(
                Locale.ROOT,
                "%s / %s %.2f, each as ours/raw: >= %.2f %s",
                read.label(),
                WRITES.get(read).label(),
                ratio,
                BUDGET,
                met(ratio) ? "met" : "MISSED");
    }

    /** Returns whether the budget is met. */
    static boolean met(double ratio) {
        return ratio >= BUDGET;
    }
}
