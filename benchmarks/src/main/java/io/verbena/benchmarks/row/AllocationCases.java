package io.verbena.benchmarks.row;

import io.verbena.verbs.PlacementMode;
import java.util.ArrayList;
import java.util.List;

/** The cases in which allocation is counted: every operation, size, placement and way of making progress. */
public final class AllocationCases {
    /** Octets that each end of a case walks through. */
    public static final int WALK_OCTETS = 1 << 20;

    private static final int[] SIZES = {64, 128 << 10};
    private static final long MOST_OCTETS = 64L << 20;

    private AllocationCases() {}

    /** Returns them in the order in which both ends go through them. */
    public static List<Workload> all(Workload row) {
        List<Workload> cases = new ArrayList<>();
        for (Progress progress : List.of(Progress.DRIVEN, Progress.BACKGROUND)) {
            for (PlacementMode placement : PlacementMode.values()) {
                for (Operation operation : Operation.values()) {
                    for (int octets : SIZES) {
                        cases.add(row.with(operation, octets, placement, progress));
                    }
                }
            }
        }
        return cases;
    }

    /** Returns how many of {@code operations} are done in a case: fewer where they are long. */
    public static long operations(Workload workload, int operations) {
        return Math.min(operations, MOST_OCTETS / workload.messageOctets());
    }
}
