package io.verbena.benchmarks.run;

import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.row.AllocationCases;
import io.verbena.benchmarks.row.BenchRow;
import io.verbena.benchmarks.row.Contender;
import io.verbena.benchmarks.row.Effort;
import io.verbena.benchmarks.row.RowResult;
import io.verbena.benchmarks.row.Samples;
import io.verbena.benchmarks.row.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs one row: starts a pair for each contender, warms each up, then measures them in turn, so that whatever the machine does
 * meanwhile meets all of them.
 *
 * <p>Thread rule: one thread.
 */
final class RowRun implements AutoCloseable {
    private final EndLauncher launcher;
    private final BenchRow row;
    private final Effort effort;
    private final int repetitions;
    private final Map<Contender, ContenderPair> pairs = new EnumMap<>(Contender.class);
    private final Map<Contender, List<Double>> samples = new EnumMap<>(Contender.class);
    private final Map<String, List<Double>> details = new TreeMap<>();

    RowRun(EndLauncher launcher, BenchRow row, Effort effort, int repetitions) {
        this.launcher = launcher;
        this.row = row;
        this.effort = effort;
        this.repetitions = repetitions;
    }

    /** Runs it; says on {@code steps} what begins. A failure of an end is a result. */
    RowResult run(Consumer<String> steps) throws InterruptedException {
        try {
            steps.accept("starting");
            for (Contender contender : row.contenders()) {
                pairs.put(contender, ContenderPair.start(launcher, contender, row, effort));
            }
            for (ContenderPair pair : pairs.values()) {
                pair.connect();
            }
            warmUp(steps);
            measure(steps);
            return result();
        } catch (EndFailedException e) {
            return RowResult.failed(row, e.getMessage());
        } catch (IOException e) {
            return RowResult.failed(row, "an end could not be started: " + e.getMessage());
        }
    }

    private void warmUp(Consumer<String> steps) throws EndFailedException, InterruptedException {
        for (Map.Entry<Contender, ContenderPair> each : pairs.entrySet()) {
            steps.accept("warming up " + each.getKey().label());
            for (int i = 0; i < warmUps(); i++) {
                each.getValue().measure(effort.warmUp());
            }
        }
    }

    private void measure(Consumer<String> steps) throws EndFailedException, InterruptedException {
        int count = measurements();
        for (int i = 1; i <= count; i++) {
            steps.accept("measurement " + i + " of " + count);
            for (Map.Entry<Contender, ContenderPair> each : pairs.entrySet()) {
                add(each.getKey(), each.getValue().measure(effort.sample()));
            }
        }
    }

    private int warmUps() {
        return row.workload().shape() == Shape.ALLOCATION ? allocationCases() : 1;
    }

    private int measurements() {
        return switch (row.workload().shape()) {
            case ALLOCATION -> repetitions * allocationCases();
            // What is held does not depend on the moment, and every further look would need as many connections again.
            case IDLE -> 1;
            case STREAM, PING, SHARE, CONNECT -> repetitions;
        };
    }

    /** Each case is one measurement. */
    private int allocationCases() {
        return AllocationCases.all(row.workload()).size();
    }

    private void add(Contender contender, ContenderPair.Measurement measured) {
        samples.computeIfAbsent(contender, key -> new ArrayList<>())
                .add(row.workload().shape().value(measured.client(), measured.server()));
        measured.client().values().forEach((name, value) -> detail(contender.label() + ".client." + name, value));
        measured.server().values().forEach((name, value) -> detail(contender.label() + ".server." + name, value));
    }

    private void detail(String name, double value) {
        details.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }

    private RowResult result() {
        Map<Contender, Samples> taken = new EnumMap<>(Contender.class);
        samples.forEach((contender, values) -> taken.put(contender, new Samples(values)));
        Map<String, Double> medians = details.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> new Samples(each.getValue()).median()));
        return new RowResult(row, taken, medians, null);
    }

    /** Ends the pairs. */
    @Override
    public void close() {
        pairs.values().forEach(ContenderPair::close);
    }
}
