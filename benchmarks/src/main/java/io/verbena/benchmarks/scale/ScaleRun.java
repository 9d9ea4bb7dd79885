package io.verbena.benchmarks.scale;

import io.verbena.benchmarks.end.EndFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Measures one population: a device for each count, all at once in this process, in turn. Every other round goes from the
 * largest count to the smallest. A ratio is that of two neighbours in one round, so that what drifts is in both.
 *
 * <p>Thread rule: one thread, which drives the devices.
 */
public final class ScaleRun {
    /** Operations between two looks at the clock. */
    private static final int OPERATIONS_AT_ONCE = 8;

    private final Population population;
    private final ScaleEffort effort;
    private final Path capture;
    private final CostMeter meter = new CostMeter();

    /**
     * Measures {@code population}.
     *
     * @param capture the file that the devices write a capture to; null for none
     */
    public ScaleRun(Population population, ScaleEffort effort, Path capture) {
        this.population = population;
        this.effort = effort;
        this.capture = capture;
    }

    /**
     * Measures; returns a table as lines of text.
     *
     * @throws EndFailedException if a device did not do what it should
     */
    public List<String> lines() throws EndFailedException, InterruptedException {
        return ScaleTable.of(population, measure());
    }

    List<ScaleLine> measure() throws EndFailedException, InterruptedException {
        List<Crowd> crowds = new ArrayList<>();
        try {
            for (int count : population.counts(effort.most())) {
                crowds.add(Crowd.of(population, count, capture));
            }
            List<ScaleLine> lines = new ArrayList<>();
            for (ScaledOperation operation : population.operations()) {
                lines.addAll(measure(operation, crowds));
            }
            return lines;
        } finally {
            crowds.forEach(Crowd::close);
        }
    }

    private List<ScaleLine> measure(ScaledOperation operation, List<Crowd> crowds) throws EndFailedException {
        // Twice without looking: what is compiled late would count as the cost of whoever comes first.
        round(operation, crowds, false);
        round(operation, crowds, true);
        List<Cost[]> rounds = new ArrayList<>();
        for (int i = 0; i < effort.rounds(); i++) {
            rounds.add(round(operation, crowds, i % 2 == 1));
        }
        List<ScaleLine> lines = new ArrayList<>();
        for (int i = 0; i < crowds.size(); i++) {
            int place = i;
            List<Cost> costs = rounds.stream().map(round -> round[place]).toList();
            List<Cost> ratios =
                    rounds.stream().map(round -> round[place].per(round[0])).toList();
            lines.add(new ScaleLine(operation, crowds.get(i).count(), median(costs), median(ratios)));
        }
        return lines;
    }

    private Cost[] round(ScaledOperation operation, List<Crowd> crowds, boolean backwards) throws EndFailedException {
        Cost[] costs = new Cost[crowds.size()];
        for (int i = 0; i < costs.length; i++) {
            int place = backwards ? costs.length - 1 - i : i;
            costs[place] = cost(operation, crowds.get(place));
        }
        return costs;
    }

    private Cost cost(ScaledOperation operation, Crowd crowd) throws EndFailedException {
        long done = 0;
        meter.start();
        long end = System.nanoTime() + effort.slice().toNanos();
        while (System.nanoTime() - end < 0) {
            for (int i = 0; i < OPERATIONS_AT_ONCE; i++) {
                crowd.perform(operation);
            }
            done += OPERATIONS_AT_ONCE;
        }
        return meter.stop(done);
    }

    private static Cost median(List<Cost> costs) {
        return new Cost(
                median(costs, Cost::nanos), median(costs, Cost::processorNanos), median(costs, Cost::readsAndWrites));
    }

    private static double median(List<Cost> costs, ToDoubleFunction<Cost> figure) {
        double[] sorted = costs.stream().mapToDouble(figure).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
