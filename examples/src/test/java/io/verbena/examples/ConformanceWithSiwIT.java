package io.verbena.examples;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The Linux kernel's siw driver in the conformance cases: {@code interop/conformance-with-siw}, each of its lines a test that
 * siw still does what docs/conformance says of it. Skipped, with its reason, where the virtual machine cannot be had.
 */
@Tag("interop")
class ConformanceWithSiwIT {
    @TempDir
    Path directory;

    @TestFactory
    @Timeout(value = 16, unit = TimeUnit.MINUTES)
    Stream<DynamicTest> siwDoesWhatItsPagesSay() throws IOException, InterruptedException {
        return InteropScript.cases(directory, "conformance-with-siw");
    }
}
