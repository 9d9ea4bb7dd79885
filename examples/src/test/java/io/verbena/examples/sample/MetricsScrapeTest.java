package io.verbena.examples.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.DeviceOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsScrapeTest {
    @Test
    void showsWhatWasMovedUnderTheNamesOfThePage() throws Exception {
        List<String> lines = new ArrayList<>();

        MetricsScrape.run(DeviceOptions.defaults(), lines::add);

        assertThat(lines)
                .contains(
                        "verbena_completions_total{device=\"verbena0\",operation=\"write\",status=\"success\"} 1.0",
                        "verbena_completion_data_bytes_total{device=\"verbena0\",operation=\"read\"} 1048576.0",
                        "verbena_queue_pairs{device=\"verbena0\",state=\"rts\"} 2.0",
                        "verbena_connections_active{device=\"verbena0\"} 2.0",
                        "verbena_regions_size_bytes{device=\"verbena0\"} 2097152.0",
                        "verbena_completion_queues{device=\"verbena0\"} 2.0");
    }
}
