package io.verbena.benchmarks.row;

import java.util.Map;

/**
 * What came of a row.
 *
 * @param row the row
 * @param samples the measurements of each contender; empty if the row failed
 * @param details medians of what else the ends told, by contender, end and name such as {@code ours.client.p99}
 * @param failure why it failed, in one sentence, or null
 */
public record RowResult(BenchRow row, Map<Contender, Samples> samples, Map<String, Double> details, String failure) {
    /** Copies the maps. */
    public RowResult {
        samples = Map.copyOf(samples);
        details = Map.copyOf(details);
    }

    /** Returns the result of a row that failed. */
    public static RowResult failed(BenchRow row, String sentence) {
        return new RowResult(row, Map.of(), Map.of(), sentence);
    }

    /** Returns whether there are figures. */
    public boolean succeeded() {
        return failure == null;
    }

    /** Returns a contender's figure, or NaN if it was not measured. */
    public double value(Contender contender) {
        Samples taken = samples.get(contender);
        if (taken == null) {
            return Double.NaN;
        }
        Workload workload = row.workload();
        return workload.shape() == Shape.ALLOCATION
                ? taken.worstCase(AllocationCases.all(workload).size())
                : taken.median();
    }

    /** Returns our figure divided by the other's, or NaN if that was not measured. */
    public double ratioTo(Contender other) {
        return value(Contender.OURS) / value(other);
    }

    /** Returns the spread of our measurements, or NaN if there are none. */
    public double spread() {
        Samples taken = samples.get(Contender.OURS);
        return taken == null ? Double.NaN : taken.spread();
    }

    /** Returns what the slowest queue pair did, divided by what they did on average, or NaN if that was not measured. */
    public double slowestToMean() {
        return details.getOrDefault("ours.client.slowestToMean", Double.NaN);
    }

    /** Returns whether all budgets of the row are met. */
    public boolean budgetsMet() {
        return succeeded() && row.budgets().stream().allMatch(budget -> budget.met(this));
    }
}
