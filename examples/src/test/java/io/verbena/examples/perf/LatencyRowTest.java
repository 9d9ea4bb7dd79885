package io.verbena.examples.perf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatencyRowTest {
    private static final CpuUse HALF_A_PROCESSOR = new CpuUse(500, 1000);
    private static final CpuUse A_PROCESSOR = new CpuUse(1000, 1000);

    /** 10,000 round trips of 1 us, 2 us, ... 10,000 us. */
    private static Histogram evenly() {
        Histogram trips = PingLoop.record();
        for (int micros = 1; micros <= 10_000; micros++) {
            trips.recordValue(micros * 1000L);
        }
        return trips;
    }

    @Test
    void writesAndSendsShowHalfOfTheRoundTrip() {
        LatencyRow row =
                new LatencyRow(64, evenly(), LatencyRow.divisor(PerfOperation.SEND), HALF_A_PROCESSOR, A_PROCESSOR);

        assertThat(row.at(50)).isBetween(2497.5, 2502.5);
        assertThat(words(row.line()))
                .startsWith("64", "10000", "0.50")
                .endsWith("50%", "100%")
                .hasSameSizeAs(words(LatencyRow.HEADING.replace("min us", "min").replace("CPU ", "")));
    }

    @Test
    void readsShowTheWholeOfIt() {
        LatencyRow row =
                new LatencyRow(64, evenly(), LatencyRow.divisor(PerfOperation.READ), HALF_A_PROCESSOR, A_PROCESSOR);

        assertThat(row.facts()).containsEntry("roundTripsDividedBy", 1).containsEntry("messages", 10_000L);
        assertThat((double) row.facts().get("p90Micros")).isBetween(8990.0, 9010.0);
        assertThat((double) row.facts().get("p99Micros")).isBetween(9890.0, 9910.0);
        assertThat((double) row.facts().get("p99_9Micros")).isBetween(9980.0, 10000.0);
        assertThat((double) row.facts().get("p99_99Micros")).isBetween(9990.0, 10010.0);
        assertThat((double) row.facts().get("maxMicros")).isBetween(9995.0, 10010.0);
        assertThat((double) row.facts().get("meanMicros")).isBetween(4990.0, 5010.0);
        assertThat((double) row.facts().get("clientCpuPercent")).isEqualTo(50);
    }

    @Test
    void anythingAboveAMinuteCountsAsAMinute() {
        Histogram trips = PingLoop.record();

        trips.recordValue(60_000_000_000L);

        assertThat(new LatencyRow(1, trips, 1, A_PROCESSOR, A_PROCESSOR).at(50)).isBetween(5.99e7, 6.04e7);
    }

    private static String[] words(String line) {
        return Arrays.stream(line.split(" +")).filter(word -> !word.isEmpty()).toArray(String[]::new);
    }
}
