package io.verbena.benchmarks.end;

import io.verbena.benchmarks.row.Figures;
import io.verbena.benchmarks.row.Workload;

/** Turns a number of messages and a time into figures. */
public final class Throughput {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MEBI = 1 << 20;

    private Throughput() {}

    /** Returns messages a second, or MiB a second where {@code workload} has long ones, as the value. */
    public static Figures figures(Workload workload, long messages, long nanos) {
        double perSecond = messages * NANOS_PER_SECOND / Math.max(nanos, 1);
        return new Figures()
                .with(Figures.VALUE, workload.counted() ? perSecond : perSecond * workload.messageOctets() / MEBI)
                .with(Figures.OPERATIONS, messages);
    }
}
