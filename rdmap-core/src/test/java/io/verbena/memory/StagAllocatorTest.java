package io.verbena.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.DeviceOptions.StagPolicy;
import io.verbena.verbs.DeviceOptions.WindowLifetime;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StagAllocatorTest {
    private static final int REPLACED = 2_000;

    private final CountingRandom random = new CountingRandom();

    /** A new STag looks at one slot for each guess: so few, however many regions there are. */
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 100, 1_000, 10_000, 100_000})
    void guessesNoMoreThanTwiceOnAverageInAFullTable(int count) {
        MemoryTranslationProtectionTable table = new MemoryTranslationProtectionTable(
                new TableLimits(count + 1, 0, 512, 512 * 512),
                StagPolicy.UNPREDICTABLE,
                WindowLifetime.ONE_TOUCH,
                random);
        Queue<TagRecord> regions = new ArrayDeque<>();
        for (int i = 0; i < count; i++) {
            regions.add(table.allocateRegion(1, 1, false));
        }

        random.guesses = 0;
        for (int i = 0; i < REPLACED; i++) {
            regions.add(table.allocateRegion(1, 1, false));
            table.deregister(regions.remove());
        }

        assertThat(random.guesses).isBetween(REPLACED, REPLACED * 11 / 5);
    }

    /** Counts what it was asked for indexes. */
    private static final class CountingRandom implements RandomGenerator {
        private final SplittableRandom numbers = new SplittableRandom(1);
        private int guesses;

        @Override
        public long nextLong() {
            return numbers.nextLong();
        }

        @Override
        public int nextInt(int origin, int bound) {
            guesses++;
            return numbers.nextInt(origin, bound);
        }
    }
}
