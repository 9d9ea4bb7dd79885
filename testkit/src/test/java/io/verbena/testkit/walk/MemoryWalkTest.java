package io.verbena.testkit.walk;

import io.verbena.testkit.Requirement;
import io.verbena.testkit.Seeded;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * Random walks over the memory verbs: registering, sharing, binding, invalidating, Writes, Reads, atomic operations, Sends and
 * closing, right and wrong, on two devices with several domains and queue pairs.
 *
 * <p>{@code -Dverbena.steps=N} makes each walk in the simulated network N steps long; the time limit is for millions.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
class MemoryWalkTest {
    /** After so many steps a walk goes on with new devices. */
    private static final int EPISODE = 2_000;

    private static final int USUAL_STEPS = 5_000;

    @Seeded(count = 4)
    @Tag("sim")
    @Requirement({"SYS-MEM-06", "SYS-MEM-08", "SYS-MEM-09", "SYS-MEM-11"})
    void followsTheModelInASimulatedNetwork(SplittableRandom random) {
        walkSimulated(random, false);
    }

    /** Segments are placed as they come; what happens to memory and requests is the same. */
    @Seeded(count = 4)
    @Tag("sim")
    @Requirement("SYS-MEM-13")
    void followsTheModelWhenSegmentsComeOutOfOrder(SplittableRandom random) {
        walkSimulated(random, true);
    }

    private static void walkSimulated(SplittableRandom random, boolean outOfOrder) {
        int left = Integer.getInteger("verbena.steps", USUAL_STEPS);
        while (left > 0) {
            int steps = Math.min(left, EPISODE);
            try (MemoryWalk walk = new MemoryWalk(Walkway.simulated(random.nextLong(), outOfOrder), random)) {
                walk.walk(steps);
            }
            left -= steps;
        }
    }

    @Seeded(count = 2)
    @Requirement({"SYS-MEM-06", "SYS-MEM-08", "SYS-MEM-09", "SYS-MEM-11"})
    void followsTheModelOverTcp(SplittableRandom random) {
        try (MemoryWalk walk = new MemoryWalk(Walkway.tcp(), random)) {
            walk.walk(500);
        }
    }
}
