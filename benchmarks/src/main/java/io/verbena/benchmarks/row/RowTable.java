package io.verbena.benchmarks.row;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lays out rows as lines for people. */
public final class RowTable {
    private static final String NOTHING = "-";
    private static final String LINE = "%-24s %12s %12s %12s  %-6s %9s %11s %7s  %s";

    private RowTable() {}

    /** Returns the line above the rows. */
    public static String header() {
        return line("row", "ours", "raw", "netty", "unit", "ours/raw", "ours/netty", "spread", "budget");
    }

    /** Returns the line of a row. */
    public static String line(RowResult result) {
        BenchRow row = result.row();
        if (!result.succeeded()) {
            return line(
                    row.label(),
                    NOTHING,
                    NOTHING,
                    NOTHING,
                    row.unit(),
                    NOTHING,
                    NOTHING,
                    NOTHING,
                    "failed: " + result.failure());
        }
        return line(
                row.label(),
                number(result.value(Contender.OURS)),
                number(result.value(Contender.RAW)),
                number(result.value(Contender.NETTY)),
                row.unit(),
                ratio(result.ratioTo(Contender.RAW)),
                ratio(result.ratioTo(Contender.NETTY)),
                percent(result.spread()),
                remarks(result));
    }

    private static String remarks(RowResult result) {
        List<String> remarks = new ArrayList<>();
        for (Budget budget : result.row().budgets()) {
            remarks.add(budget + (budget.met(result) ? " met" : " MISSED"));
        }
        Double queuePairs = result.details().get("ours.client.queuePairs");
        if (queuePairs != null) {
            remarks.add("over " + number(queuePairs) + " queue pairs");
        }
        double slowest = result.slowestToMean();
        if (!Double.isNaN(slowest)) {
            remarks.add("slowest/mean " + ratio(slowest));
        }
        return remarks.isEmpty() ? NOTHING : String.join(", ", remarks);
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return NOTHING;
        }
        return Math.abs(value) >= 1000 || value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }

    private static String ratio(double value) {
        return Double.isNaN(value) ? NOTHING : String.format(Locale.ROOT, "%.2f", value);
    }

    private static String percent(double value) {
        return Double.isNaN(value) ? NOTHING : String.format(Locale.ROOT, "%.0f %%", value * 100);
    }

    private static String line(Object... columns) {
        return String.format(Locale.ROOT, LINE, columns).stripTrailing();
    }
}
