package io.verbena.examples.perf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BandwidthRowTest {
    private static final CpuUse A_PROCESSOR = new CpuUse(1000, 1000);

    @Test
    void bothDirectionsAreAdded() {
        BandwidthFigures here = new BandwidthFigures(1000, 1000 << 20, 2_000_000_000L, 600L << 20);
        BandwidthFigures there = new BandwidthFigures(500, 500 << 20, 1_000_000_000L, 500L << 20);

        BandwidthRow row = new BandwidthRow(1 << 20, here, there, A_PROCESSOR, A_PROCESSOR);

        assertThat(row.line().trim().split(" +"))
                .containsExactly("1048576", "1500", "1100.00", "1000.00", "1000", "100%", "100%");
        assertThat(row.facts())
                .containsEntry("clientMiBPerSecond", 500.0)
                .containsEntry("serverMiBPerSecond", 500.0)
                .containsEntry("seconds", 2.0);
    }

    @Test
    void anEndThatSentNothingAddsNothing() {
        BandwidthFigures here = new BandwidthFigures(10, 10 << 20, 1_000_000_000L, 10 << 20);

        BandwidthRow row = new BandwidthRow(1 << 20, here, BandwidthFigures.NONE, A_PROCESSOR, new CpuUse(0, 0));

        assertThat(Arrays.asList(row.line().trim().split(" +"))).endsWith("10.00", "10", "100%", "0%");
    }
}
