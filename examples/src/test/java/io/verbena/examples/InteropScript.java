package io.verbena.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * A script of the folder interop, run against the packaged tools; each line of a case is a test. Skipped, with the script's
 * reason, where the virtual machine cannot be had.
 */
public final class InteropScript {
    private static final Duration LIMIT = Duration.ofMinutes(15);
    private static final String SKIPPED = "skipped: ";
    private static final String PASSED = "  passed  ";
    private static final String FAILED = "  FAILED  ";

    private InteropScript() {}

    /** Runs {@code name} with {@code arguments}, its output in {@code directory}, and returns its cases. */
    public static Stream<DynamicTest> cases(Path directory, String name, String... arguments)
            throws IOException, InterruptedException {
        Path output = directory.resolve(name + ".txt");
        int exitCode = run(output, name, arguments);
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

    private static int run(Path output, String name, String... arguments) throws IOException, InterruptedException {
        Path script = Path.of(System.getProperty("verbena.interop"), name);
        ProcessBuilder builder = new ProcessBuilder(
                        Stream.concat(Stream.of(script.toString()), Arrays.stream(arguments))
                                .toList())
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
