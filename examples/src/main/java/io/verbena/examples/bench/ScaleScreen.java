package io.verbena.examples.bench;

import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.scale.Population;
import io.verbena.benchmarks.scale.ScaleEffort;
import io.verbena.benchmarks.scale.ScaleRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Measures populations one after the other, and prints a table of each. */
final class ScaleScreen {
    /** All populations. */
    static final String ALL = "all";

    private ScaleScreen() {}

    /** Returns those that {@code of} means; nothing if there is no such population. */
    static Optional<List<Population>> populations(String of) {
        return of.equals(ALL)
                ? Optional.of(List.of(Population.values()))
                : Population.named(of).map(List::of);
    }

    static void show(List<Population> populations, ScaleEffort effort, Path capture, PrintWriter out)
            throws EndFailedException, InterruptedException {
        for (Population population : populations) {
            new ScaleRun(population, effort, capture).lines().forEach(out::println);
            out.println();
            out.flush();
        }
    }
}
