package io.verbena.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.verbena.memory.AdapterBufferPool;
import io.verbena.verbs.BufferUse;
import io.verbena.verbs.DeviceLimits;
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
        bindWithPool();

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
    void showsTheBufferPool() {
        bindWithPool();
        counters.onBufferWait("verbena0", 5, BufferUse.Type.RECEIVE);
        counters.onBufferRefused("verbena0", 5, null);

        assertThat(gauge("verbena.buffers", "state", "receive")).isEqualTo(1);
        assertThat(gauge("verbena.buffers", "state", "transmit")).isZero();
        assertThat(gauge("verbena.buffers.used", "use", "write_in")).isEqualTo(1);
        assertThat(gauge("verbena.buffers.limit", "of", "pool"))
                .isEqualTo(DeviceLimits.defaults().stagingBuffers());
        assertThat(gauge("verbena.buffers.limit", "of", "queue_pair"))
                .isEqualTo(DeviceLimits.defaults().queuePairBuffers());
        assertThat(gauge("verbena.buffer.waiting", "type", "receive")).isEqualTo(1);
        counters.onBufferWaitEnd("verbena0", 5, BufferUse.Type.RECEIVE);
        assertThat(gauge("verbena.buffer.waiting", "type", "receive")).isZero();
        assertThat(registry.get("verbena.buffer.refusals")
                        .tag("of", "transfer")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
    }

    private void bindWithPool() {
        AdapterBufferPool pool = new AdapterBufferPool(4096, 2);
        pool.acquire(5, BufferUse.WRITE_IN);
        new MicrometerBinder("verbena0", counters, DeviceLimits.defaults(), pool::snapshot).bindTo(registry);
    }

    private double gauge(String name, String tag, String value) {
        return registry.get(name).tag(tag, value).gauge().value();
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
