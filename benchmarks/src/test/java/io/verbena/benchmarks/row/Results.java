package io.verbena.benchmarks.row;

import java.util.List;
import java.util.Map;

/** Results made by hand. */
final class Results {
    private Results() {}

    /** Returns the result of {@code write-1m-direct} with one measurement of each contender. */
    static RowResult compared(double ours, double raw, double netty) {
        return compared(BenchRow.WRITE_1M_DIRECT, ours, raw, netty);
    }

    /** Returns the result of this row with one measurement of each contender. */
    static RowResult compared(BenchRow row, double ours, double raw, double netty) {
        return new RowResult(
                row,
                Map.of(
                        Contender.OURS, new Samples(List.of(ours)),
                        Contender.RAW, new Samples(List.of(raw)),
                        Contender.NETTY, new Samples(List.of(netty))),
                Map.of("ours.client.operations", 3.0),
                null);
    }

    /** Returns the result of a row that is measured for us alone. */
    static RowResult alone(BenchRow row, Double... ours) {
        return new RowResult(row, Map.of(Contender.OURS, new Samples(List.of(ours))), Map.of(), null);
    }
}
