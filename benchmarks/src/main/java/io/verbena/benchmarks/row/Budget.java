package io.verbena.benchmarks.row;

import java.util.Locale;

/**
 * What a row has to come to.
 *
 * @param of what is compared
 * @param atLeast whether {@code bound} is the lowest good value, or else the highest
 * @param bound the bound
 */
public record Budget(Measure of, boolean atLeast, double bound) {
    /** What is compared with the bound. */
    public enum Measure {
        /** Our figure divided by raw TCP's. */
        RATIO_TO_RAW("ours/raw"),
        /** Our figure divided by plain Netty's. */
        RATIO_TO_NETTY("ours/netty"),
        /** Our figure, in the row's unit. */
        OURS("ours"),
        /** What the slowest queue pair did, divided by what they did on average. */
        SLOWEST_TO_MEAN("slowest/mean");

        private final String words;

        Measure(String words) {
            this.words = words;
        }
    }

    static Budget atLeast(Measure of, double bound) {
        return new Budget(of, true, bound);
    }

    static Budget atMost(Measure of, double bound) {
        return new Budget(of, false, bound);
    }

    /** Returns whether {@code result} meets it; false if what it speaks of was not measured. */
    public boolean met(RowResult result) {
        double value = switch (of) {
            case RATIO_TO_RAW -> result.ratioTo(Contender.RAW);
            case RATIO_TO_NETTY -> result.ratioTo(Contender.NETTY);
            case OURS -> result.value(Contender.OURS);
            case SLOWEST_TO_MEAN -> result.slowestToMean();
        };
        return atLeast ? value >= bound : value <= bound;
    }

    @Override
    public String toString() {
        String number = bound == Math.rint(bound)
                ? String.format(Locale.ROOT, "%.0f", bound)
                : String.format(Locale.ROOT, "%.2f", bound);
        return of.words + (atLeast ? " >= " : " <= ") + number;
    }
}
