package io.verbena.benchmarks.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FiguresTest {
    @Test
    void comesBackFromItsText() {
        Figures figures = new Figures().with(Figures.VALUE, 0.1 + 0.2).with("p99", 1e-300);

        assertThat(Figures.decode(figures.encode()).values()).isEqualTo(figures.values());
        assertThat(Figures.decode(new Figures().encode()).values()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"value", "=1", "value=", "value=fast", "a-b=1"})
    void refusesOtherText(String text) {
        assertThatThrownBy(() -> Figures.decode(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysWhichFigureThereIsNot() {
        assertThatThrownBy(() -> new Figures().with("p99", 1).get(Figures.VALUE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'value'")
                .hasMessageContaining("p99");
    }

    @Test
    void allocationCountsBothEnds() {
        Figures client = new Figures().with(Figures.ALLOCATED, 30).with(Figures.OPERATIONS, 10);
        Figures server = new Figures().with(Figures.ALLOCATED, 50);

        assertThat(Shape.ALLOCATION.value(client, server)).isEqualTo(8);
    }

    @Test
    void anIdleQueuePairCostsWhatTheDearerEndPays() {
        Figures client = new Figures().with(Figures.VALUE, 3);
        Figures server = new Figures().with(Figures.VALUE, 4);

        assertThat(Shape.IDLE.value(client, server)).isEqualTo(4);
        assertThat(Shape.STREAM.value(client, server)).isEqualTo(3);
    }
}
