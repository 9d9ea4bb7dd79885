package io.verbena.examples.crowd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static Plan plan(String limits) {
        return new Plan(
                200,
                16,
                256,
                100,
                LimitChoice.parse(limits),
                Refusal.DROP_MESSAGE,
                Reaction.REPORT,
                Hostility.FLOOD,
                0,
                Duration.ofMillis(10));
    }

    @Test
    void givesEachClientThreeQuartersOfItsLimit() {
        assertThat(plan("equal").limit(3)).isEqualTo(16);
        assertThat(plan("equal").credit(3)).isEqualTo(12);
        assertThat(plan("fixed:8").credit(3)).isEqualTo(6);
        assertThat(plan("fixed:1").credit(3)).isEqualTo(1);
        assertThat(plan("fixed:500").limit(3)).isEqualTo(500);
        assertThat(plan("fixed:500").credit(3)).isEqualTo(12);
        assertThat(plan("none").limit(3)).isEqualTo(3216);
        assertThat(plan("none").credit(3)).isEqualTo(12);
    }

    @Test
    void givesTheFastMoreByWeight() {
        Plan plan = plan("weighted");

        assertThat(plan.limit(0)).isEqualTo(6);
        assertThat(plan.limit(19)).isEqualTo(25);
        assertThat(plan.limit(200)).isEqualTo(6);
        assertThat(IntStream.rangeClosed(0, 200).map(plan::limit).sum()).isLessThanOrEqualTo(plan.depth());
    }

    @Test
    void sendsAtUnevenSpeedsWithTheMeanThatWasAskedFor() {
        Plan plan = plan("equal");

        assertThat(plan.perSecond(19) / plan.perSecond(0)).isEqualTo(20);
        assertThat(IntStream.range(0, 200).mapToDouble(plan::perSecond).average())
                .hasValueCloseTo(100.0, within(1e-9));
    }

    @Test
    void refusesLimitsThatAreNone() {
        assertThatThrownBy(() -> LimitChoice.parse("fixed:-1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'fixed:-1' must be none, equal, weighted, or fixed:N with N from 1 to 999999");
    }
}
