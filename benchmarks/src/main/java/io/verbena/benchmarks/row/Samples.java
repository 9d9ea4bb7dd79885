package io.verbena.benchmarks.row;

import java.util.Arrays;
import java.util.List;

/**
 * The measurements of one contender in one row, in the order they were taken.
 *
 * @param values at least one
 */
public record Samples(List<Double> values) {
    /** Copies them. */
    public Samples {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("at least one measurement is needed");
        }
        values = List.copyOf(values);
    }

    /** Returns the median; of an even number the mean of the two in the middle. */
    public double median() {
        double[] sorted = sorted();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /**
     * Returns the largest of what {@code cases} cases come to, where one measurement of each follows the other and round again,
     * and a case comes to the least of its own: what happens now and then is not what it always takes.
     */
    public double worstCase(int cases) {
        double worst = 0;
        for (int first = 0; first < cases; first++) {
            double least = Double.POSITIVE_INFINITY;
            for (int i = first; i < values.size(); i += cases) {
                least = Math.min(least, values.get(i));
            }
            worst = Math.max(worst, least);
        }
        return worst;
    }

    /** Returns how far the largest is from the smallest, as a part of the median; 0 if the median is 0. */
    public double spread() {
        double[] sorted = sorted();
        double median = median();
        return median == 0 ? 0 : (sorted[sorted.length - 1] - sorted[0]) / median;
    }

    private double[] sorted() {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
