package io.verbena.benchmarks.end;

import io.verbena.benchmarks.row.BenchRow;
import io.verbena.benchmarks.row.Contender;
import io.verbena.benchmarks.row.Effort;
import io.verbena.benchmarks.row.Workload;
import java.util.List;
import java.util.Locale;

/**
 * What an end is for.
 *
 * @param role which end
 * @param contender whose
 * @param row the row
 * @param effort how much is done
 */
public record EndTask(Role role, Contender contender, BenchRow row, Effort effort) {
    /** Which end. */
    public enum Role {
        /** Listens. */
        SERVER,
        /** Connects and measures. */
        CLIENT
    }

    /** Returns what the ends do. */
    public Workload workload() {
        return row.workload();
    }

    /** Returns it as arguments of a command line. */
    public List<String> arguments() {
        return List.of(lower(role), contender.label(), row.label(), lower(effort));
    }

    /**
     * Reads what {@link #arguments} wrote.
     *
     * @throws IllegalArgumentException if the arguments are something else
     */
    public static EndTask parse(List<String> arguments) {
        if (arguments.size() != 4) {
            throw new IllegalArgumentException("role, contender, row and effort were expected, not " + arguments);
        }
        BenchRow row = BenchRow.named(arguments.get(2))
                .orElseThrow(() -> new IllegalArgumentException("there is no row '" + arguments.get(2) + "'"));
        return new EndTask(
                Role.valueOf(arguments.get(0).toUpperCase(Locale.ROOT)),
                Contender.valueOf(arguments.get(1).toUpperCase(Locale.ROOT)),
                row,
                Effort.valueOf(arguments.get(3).toUpperCase(Locale.ROOT)));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
