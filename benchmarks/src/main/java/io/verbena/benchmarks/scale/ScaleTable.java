package io.verbena.benchmarks.scale;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows lines as text of fixed columns. */
final class ScaleTable {
    private static final String COLUMNS = "%-24s %8s %10s %7s %10s %7s %9s";

    private ScaleTable() {}

    /** Returns the heading and a line for each of {@code lines}. */
    static List<String> of(Population population, List<ScaleLine> lines) {
        List<String> text = new ArrayList<>();
        text.add(String.format(
                Locale.ROOT, COLUMNS, population.label(), "count", "ns/op", "to 1", "cpu ns/op", "to 1", "rd+wr/op"));
        for (ScaleLine line : lines) {
            text.add(String.format(
                    Locale.ROOT,
                    COLUMNS,
                    line.operation().label(),
                    String.format(Locale.ROOT, "%,d", line.count()),
                    number("%,.0f", line.cost().nanos()),
                    number("%.2f", line.ratio().nanos()),
                    number("%,.0f", line.cost().processorNanos()),
                    number("%.2f", line.ratio().processorNanos()),
                    number("%.2f", line.cost().readsAndWrites())));
        }
        return text;
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }
}
