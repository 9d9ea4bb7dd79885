package io.verbena.examples.rping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged rping against the C rping on the Linux kernel's siw driver: {@code interop/rping-with-siw}, each of its lines a
 * test. Skipped, with its reason, where the virtual machine cannot be had.
 */
@Tag("interop")
class RpingWithSiwIT {
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final String SKIPPED = "skipped: ";
    private static final String PASSED = "  passed  ";
    private static final String FAILED = "  FAILED  ";

    @TempDir
    Path directory;

    @TestFactory
    @Timeout(value = 16, unit = TimeUnit.MINUTES)
    Stream<DynamicTest> exchangesPingsWithTheKernelsDriver() throws IOException, InterruptedException {
        Path output = directory.resolve("rping-with-siw.txt");
        int exitCode = run(output);
        List<String> lines = Files.readAllLines(output);
        lines.stream()
                .filter(line -> line.startsWith(SKIPPED))
                .forEach(line -> assumeTrue(false, line.substring(SKIPPED.length())));
        List<String> cases = lines.stream()
                .filter(line -> line.contains(PASSED) || line.contains(FAILED))
                .toList();
        String all = String.join(System.lineSeparator(), lines);
        assertThat(cases).as(all).isNotEmpty();
        return Stream.concat(
                cases.stream()
                        .map(line -> DynamicTest.dynamicTest(
                                line.strip(), () -> assertThat(line).as(all).contains(PASSED))),
                Stream.of(DynamicTest.dynamicTest(
                        "says so by its exit code",
                        () -> assertThat(exitCode).as(all).isZero())));
    }

    private static int run(Path output) throws IOException, InterruptedException {
        Path script = Path.of(System.getProperty("verbena.interop"), "rping-with-siw");
        ProcessBuilder builder = new ProcessBuilder(script.toString(), "-C", "100", "-S", "16,60000")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .put(
                        "VERBENA_CLASS_PATH",
                        System.getProperty("verbena.jar") + ":" + System.getProperty("verbena.lib") + "/*");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as("it ends within %s", LIMIT)
                    .isTrue();
            return process.exitValue();
        } finally {
            // The script itself ends its guest; what it waits for must not keep it.
            process.destroy();
            process.descendants().forEach(ProcessHandle::destroy);
        }
    }
}
