package io.verbena.benchmarks.end;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MemoryWalkTest {
    @Test
    void goesThroughTheRegionAndRoundAgain() {
        MemoryWalk walk = new MemoryWalk(192, 64);

        assertThat(new int[] {walk.next(), walk.next(), walk.next(), walk.next()})
                .containsExactly(0, 64, 128, 0);
    }

    @Test
    void refusesStepsThatDoNotFit() {
        assertThatThrownBy(() -> new MemoryWalk(100, 64)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MemoryWalk(100, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
