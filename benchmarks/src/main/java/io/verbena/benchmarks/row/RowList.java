package io.verbena.benchmarks.row;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says what each row measures. */
public final class RowList {
    private static final int NAME_COLUMNS = 24;

    private RowList() {}

    /** Returns a line for each row, and one more for each that has a budget. */
    public static List<String> lines() {
        return Stream.of(BenchRow.values()).flatMap(RowList::lines).toList();
    }

    private static Stream<String> lines(BenchRow row) {
        String indent = " ".repeat(NAME_COLUMNS);
        String name = row.label() + " ".repeat(NAME_COLUMNS - row.label().length());
        Stream<String> what = Stream.of(name + row.what() + " [" + row.unit() + "]");
        if (row.budgets().isEmpty()) {
            return what;
        }
        String budgets = row.budgets().stream().map(Budget::toString).collect(Collectors.joining(", "));
        return Stream.concat(what, Stream.of(indent + "budget: " + budgets));
    }
}
