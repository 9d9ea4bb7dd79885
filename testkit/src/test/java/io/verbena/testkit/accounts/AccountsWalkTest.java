package io.verbena.testkit.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.testkit.Requirement;
import io.verbena.testkit.Seeded;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/**
 * Random walks over shared receive queues with hundreds of queue pairs.
 *
 * <p>{@code -Dverbena.steps=N} makes each walk N steps long; the time limit is for millions.
 */
@Tag("sim")
@Timeout(value = 2, unit = TimeUnit.HOURS)
class AccountsWalkTest {
    private static final int LINKS = 200;

    /** After so many steps a walk goes on with new devices. */
    private static final int EPISODE = 4_000;

    @Seeded(count = 3)
    @Requirement("SYS-SRQ-09")
    void everyAccountIsWhatTheModelSays(long seed) {
        walk(seed, true);
    }

    /** Messages are delivered in order whatever order their segments come in, so nothing is accounted for otherwise. */
    @Seeded(count = 3)
    @Requirement("SYS-SRQ-09")
    void everyAccountIsWhatTheModelSaysWhenSegmentsComeOutOfOrder(long seed) {
        walk(seed, false);
    }

    private static void walk(long seed, boolean inOrder) {
        long episodeSeed = seed;
        for (int left = Integer.getInteger("verbena.steps", EPISODE); left > 0; left -= EPISODE) {
            int steps = Math.min(left, EPISODE);
            try (AccountsWalk walk = new AccountsWalk(episodeSeed, LINKS, inOrder)) {
                walk.walk(steps);
                if (steps == EPISODE) {
                    assertThat(walk.drops()).as("messages dropped").isGreaterThan(100);
                    assertThat(walk.pauses()).as("messages that waited").isGreaterThan(20);
                    assertThat(walk.messages() - walk.drops()).as("others").isGreaterThan(1000);
                }
            } catch (AssertionError failure) {
                throw new AssertionError(
                        "with -Dverbena.seed=0x" + Long.toHexString(episodeSeed) + ", " + failure.getMessage(),
                        failure);
            }
            episodeSeed = new SplittableRandom(episodeSeed).nextLong();
        }
    }
}
