package io.verbena.examples.rping;

import io.verbena.examples.InteropScript;
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
 * The packaged rping against the C rping on the Linux kernel's siw driver: {@code interop/rping-with-siw}, each of its lines a
 * test. Skipped, with its reason, where the virtual machine cannot be had.
 */
@Tag("interop")
class RpingWithSiwIT {
    @TempDir
    Path directory;

    @TestFactory
    @Timeout(value = 16, unit = TimeUnit.MINUTES)
    Stream<DynamicTest> exchangesPingsWithTheKernelsDriver() throws IOException, InterruptedException {
        return InteropScript.cases(directory, "rping-with-siw", "-C", "100", "-S", "16,60000");
    }
}
