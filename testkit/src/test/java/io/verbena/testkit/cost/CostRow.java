package io.verbena.testkit.cost;

import io.verbena.verbs.PlacementMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A row of the table in {@code docs/performance.md}: what one operation may cost at most, both ends together.
 *
 * @param allocated heap octets
 * @param copiedOut payload octets copied on the way out
 * @param copiedIn payload octets copied on the way in
 * @param writes writes of a socket that moved octets
 * @param reads reads of a socket that moved octets
 */
record CostRow(
        CountedOperation operation,
        int octets,
        PlacementMode mode,
        double allocated,
        double copiedOut,
        double copiedIn,
        double writes,
        double reads) {
    private static final String HEADER =
            "| operation | octets | mode | allocated | copied out | copied in | writes | reads |";

    /** Reads the rows of the page. */
    static List<CostRow> all() {
        Path page = Path.of(System.getProperty("basedir", ""))
                .toAbsolutePath()
                .resolveSibling("docs")
                .resolve("performance.md");
        try {
            return Files.readAllLines(page).stream()
                    .dropWhile(line -> !line.equals(HEADER))
                    .skip(2)
                    .takeWhile(line -> line.startsWith("|"))
                    .map(CostRow::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CostRow parse(String line) {
        List<String> cells = Arrays.stream(line.substring(1).split("\\|"))
                .map(cell -> cell.strip().replace(",", ""))
                .toList();
        return new CostRow(
                CountedOperation.valueOf(cells.get(0).toUpperCase(Locale.ROOT)),
                Integer.parseInt(cells.get(1)),
                PlacementMode.valueOf(cells.get(2).toUpperCase(Locale.ROOT)),
                Double.parseDouble(cells.get(3)),
                Double.parseDouble(cells.get(4)),
                Double.parseDouble(cells.get(5)),
                Double.parseDouble(cells.get(6)),
                Double.parseDouble(cells.get(7)));
    }

    /** Returns the row as the page has it. */
    String line() {
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %s | %,.0f | %,.0f | %,.0f | %.1f | %.1f |",
                operation.name().toLowerCase(Locale.ROOT),
                octets,
                mode.name().toLowerCase(Locale.ROOT),
                allocated,
                copiedOut,
                copiedIn,
                writes,
                reads);
    }

    /** Returns whether nothing of {@code measured} is above what this row states. */
    boolean covers(CostRow measured) {
        return measured.allocated <= allocated
                && measured.copiedOut <= copiedOut
                && measured.copiedIn <= copiedIn
                && measured.writes <= writes
                && measured.reads <= reads;
    }

    /** Returns the least of both in each column: a round may be disturbed, but none can be cheaper than it has to be. */
    CostRow least(CostRow other) {
        return new CostRow(
                operation,
                octets,
                mode,
                Math.min(allocated, other.allocated),
                Math.min(copiedOut, other.copiedOut),
                Math.min(copiedIn, other.copiedIn),
                Math.min(writes, other.writes),
                Math.min(reads, other.reads));
    }
}
