package io.verbena.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbena.verbs.QueuePairState;
import io.verbena.verbs.observe.StackEvents.Direction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Holds the meters, their rows and their page together. After a wanted change run this test with
 * {@code -Dverbena.regenerate=true} and review the difference of the page.
 */
class MicrometerBinderTest {
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final String TABLE_BEGINS = "<!-- meters -->\n";
    private static final String TABLE_ENDS = "<!-- end of meters -->\n";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Counters counters = new Counters();

    @Test
    void registersTheMetersOfTheTableWithTheirTags() {
        new MicrometerBinder("verbena0", counters).bindTo(registry);

        Map<String, String> registered = new TreeMap<>();
        for (Meter meter : registry.getMeters()) {
            registered.put(meter.getId().getName(), describe(meter));
        }
        Map<String, String> rows = new TreeMap<>();
        for (Metric metric : Metric.values()) {
            List<String> tags = new ArrayList<>(metric.tags());
            tags.add("device");
            tags.sort(null);
            rows.put(metric.meterName(), metric.type() + " " + metric.baseUnit() + " " + tags);
        }
        assertThat(registered).isEqualTo(rows);
    }

    @Test
    void showsWhatTheCountersHold() {
        new MicrometerBinder("verbena0", counters).bindTo(registry);
        counters.onSocketTransfer("verbena0", Direction.SENT, 1, 4096);
        counters.onQueuePairCreated("verbena0", 1);

        assertThat(registry.get("verbena.socket.data")
                        .tags("device", "verbena0", "direction", "sent")
                        .functionCounter()
                        .count())
                .isEqualTo(4096);
        assertThat(registry.get("verbena.queue.pairs")
                        .tag("state", QueuePairState.IDLE.name().toLowerCase(Locale.ROOT))
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void theTableOfThePageIsThatOfTheMeters() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(TABLE_BEGINS) + TABLE_BEGINS.length();
        int end = page.indexOf(TABLE_ENDS);
        if (Boolean.getBoolean("verbena.regenerate")) {
            Files.writeString(PAGE, page.substring(0, begin) + table() + page.substring(end));
            return;
        }
        assertThat(page.substring(begin, end))
                .as("table of docs/metrics.md; regenerate with -Dverbena.regenerate=true")
                .isEqualTo(table());
    }

    private static String table() {
        StringBuilder text =
                new StringBuilder("\n| meter | kind | base unit | tags | what it says |\n|---|---|---|---|---|\n");
        Arrays.stream(Metric.values())
                .map(metric -> String.format(
                        Locale.ROOT,
                        "| `%s` | %s | %s | %s | %s |\n",
                        metric.meterName(),
                        metric.type().name().toLowerCase(Locale.ROOT),
                        metric.baseUnit() == null ? "-" : metric.baseUnit(),
                        String.join(", ", metric.tags()),
                        metric.sentence()))
                .forEach(text::append);
        return text.append('\n').toString();
    }

    private static String describe(Meter meter) {
        List<String> tags =
                meter.getId().getTags().stream().map(Tag::getKey).sorted().toList();
        String type = meter.getId().getType().name();
        return type + " " + meter.getId().getBaseUnit() + " " + tags;
    }
}
