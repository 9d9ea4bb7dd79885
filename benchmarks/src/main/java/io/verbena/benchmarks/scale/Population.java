package io.verbena.benchmarks.scale;

import io.verbena.benchmarks.ours.FileDescriptors;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** What there is many of. */
public enum Population {
    /** Connected queue pairs of one device; each connection has both of its ends there, so that the least is two. */
    QUEUE_PAIRS(10_000),
    /** Valid regions. */
    REGIONS(100_000),
    /** Bound windows, all to one region. */
    WINDOWS(10_000);

    private static final int STEP = 10;

    private final int most;

    Population(int most) {
        this.most = most;
    }

    /** Returns the name on the command line, such as {@code queue-pairs}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns 1 and its multiples by ten, up to {@code limit}, to what this allows, and to what this process may open. */
    List<Integer> counts(int limit) {
        int largest = Math.min(most, limit);
        if (this == QUEUE_PAIRS) {
            // Those of the smaller counts are open at the same time, and are less than an eighth of the largest.
            int wanted = largest + largest / 8;
            int allowed = FileDescriptors.allowedConnections(wanted);
            largest = allowed == wanted ? largest : Math.max(1, allowed / 9 * 8);
        }
        int end = largest;
        return IntStream.iterate(1, count -> count <= end, count -> count * STEP)
                .boxed()
                .toList();
    }

    /** Returns what an operation is measured of. */
    List<ScaledOperation> operations() {
        return Arrays.stream(ScaledOperation.values())
                .filter(operation -> this == QUEUE_PAIRS || !operation.ofQueuePairsOnly())
                .toList();
    }

    /** Returns the one that the command line calls so. */
    public static Optional<Population> named(String label) {
        return Arrays.stream(values())
                .filter(each -> each.label().equals(label))
                .findFirst();
    }
}
