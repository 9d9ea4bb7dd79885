package io.verbena.testkit.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.verbs.DeviceLimits;
import io.verbena.verbs.QueuePairOptions;
import io.verbena.verbs.async.CacheOptions;
import io.verbena.verbs.cm.ListenerOptions;
import io.verbena.verbs.cm.PlainStreamListenerOptions;
import io.verbena.verbs.cm.PlainStreamOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/limits.md} names the limits of the code, with the defaults of the code. */
class LimitsPageTest {
    private static final DocumentPage PAGE = DocumentPage.read("limits.md");
    private static final List<String> MODULES = List.of("verbs-api", "ddp-mpa", "rdmap-core", "transport-netty");

    @Test
    void deviceLimitsAreComplete() {
        assertThat(shown("Device")).isEqualTo(values(DeviceLimits.defaults()));
    }

    @Test
    void queuePairOptionsHaveTheirDefaults() {
        Map<String, String> shown = shown("Queue pair");

        assertThat(values(QueuePairOptions.with(null))).containsAllEntriesOf(shown);
        assertThat(shown).hasSize(10);
    }

    @Test
    void cacheOptionsHaveTheirDefaults() {
        CacheOptions defaults = CacheOptions.defaults();

        assertThat(shown("Registration cache"))
                .isEqualTo(Map.of("maxEntries", "" + defaults.maxEntries(), "maxOctets", "" + defaults.maxOctets()));
    }

    @Test
    void listenerOptionsHaveTheirDefaults() {
        Map<String, String> expected = values(ListenerOptions.defaults());
        expected.remove("socket");

        assertThat(shown("Listener")).isEqualTo(expected);
    }

    @Test
    void plainStreamOptionsHaveTheirDefaults() {
        Map<String, String> expected = values(PlainStreamListenerOptions.defaults());
        expected.remove("stream");
        expected.putAll(values(PlainStreamOptions.defaults()));
        expected.remove("socket");

        assertThat(shown("Plain streams")).isEqualTo(expected);
    }

    @Test
    void constantsAreThere() {
        Map<String, String> sources = sources();

        assertThat(PAGE.table("Inside")).isNotEmpty().allSatisfy(row -> {
            String[] constant = bare(row.get(0)).split("\\.");
            assertThat(sources.values())
                    .anyMatch(source ->
                            source.contains(" " + constant[0] + " ") && source.contains(" " + constant[1] + " = "));
        });
    }

    private static Map<String, String> shown(String section) {
        Map<String, String> shown = new LinkedHashMap<>();
        PAGE.table(section).forEach(row -> shown.put(bare(row.get(0)), row.get(1)));
        return shown;
    }

    private static String bare(String cell) {
        return cell.replace("`", "");
    }

    private static Map<String, String> values(Record options) {
        Map<String, String> values = new LinkedHashMap<>();
        for (RecordComponent component : options.getClass().getRecordComponents()) {
            try {
                values.put(component.getName(), text(component.getAccessor().invoke(options)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return values;
    }

    private static String text(Object value) {
        return value instanceof Duration duration ? duration.toSeconds() + " s" : String.valueOf(value);
    }

    /** Returns the main sources of the stack by file. */
    private static Map<String, String> sources() {
        Path root = Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
        return MODULES.stream()
                .map(module -> root.resolve(module).resolve("src/main/java"))
                .flatMap(LimitsPageTest::files)
                .collect(Collectors.toMap(Path::toString, LimitsPageTest::read));
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            Path[] found =
                    files.filter(file -> file.toString().endsWith(".java")).toArray(Path[]::new);
            return Arrays.stream(found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
