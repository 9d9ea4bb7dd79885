package io.verbena.benchmarks.scale;

/**
 * What an operation costs where there are {@code count} of a population.
 *
 * @param cost medians over the rounds
 * @param ratio medians of the ratios to the smallest count in the same round
 */
record ScaleLine(ScaledOperation operation, int count, Cost cost, Cost ratio) {}
