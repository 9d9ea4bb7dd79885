package io.verbena.benchmarks.end;

import io.verbena.benchmarks.row.BenchRow;
import io.verbena.benchmarks.row.Contender;
import io.verbena.benchmarks.row.Effort;
import io.verbena.benchmarks.row.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What an end is for.
 *
 * @param role which end
 * @param contender whose
 * @param row the row
 * @param effort how much is done
 * @param capture the file its devices write a capture to; null for none
 */
public record EndTask(Role role, Contender contender, BenchRow row, Effort effort, Path capture) {
    private static final int LEAST_ARGUMENTS = 4;

    /** An end without a capture. */
    public EndTask(Role role, Contender contender, BenchRow row, Effort effort) {
        this(role, contender, row, effort, null);
    }

    /** Returns a copy that writes a capture. */
    public EndTask withCapture(Path file) {
        return new EndTask(role, contender, row, effort, file);
    }

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
        List<String> arguments = List.of(lower(role), contender.label(), row.label(), lower(effort));
        return capture == null
                ? arguments
                : Stream.concat(arguments.stream(), Stream.of(capture.toString()))
                        .toList();
    }

    /**
     * Reads what {@link #arguments} wrote.
     *
     * @throws IllegalArgumentException if the arguments are something else
     */
    public static EndTask parse(List<String> arguments) {
        if (arguments.size() != LEAST_ARGUMENTS && arguments.size() != LEAST_ARGUMENTS + 1) {
            throw new IllegalArgumentException(
                    "role, contender, row, effort and perhaps a file were expected, not " + arguments);
        }
        BenchRow row = BenchRow.named(arguments.get(2))
                .orElseThrow(() -> new IllegalArgumentException("there is no row '" + arguments.get(2) + "'"));
        return new EndTask(
                Role.valueOf(arguments.get(0).toUpperCase(Locale.ROOT)),
                Contender.valueOf(arguments.get(1).toUpperCase(Locale.ROOT)),
                row,
                Effort.valueOf(arguments.get(3).toUpperCase(Locale.ROOT)),
                arguments.size() == LEAST_ARGUMENTS ? null : Path.of(arguments.get(LEAST_ARGUMENTS)));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
