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
 * Memory exposed to the Linux kernel's siw driver and revoked, and the other way: {@code interop/memory-with-siw}, each of its
 * lines a test. Skipped, with its reason, where the virtual machine cannot be had.
 */
@Tag("interop")
class MemoryWithSiwIT {
    @TempDir
    Path directory;

    @TestFactory
    @Timeout(value = 16, unit = TimeUnit.MINUTES)
    Stream<DynamicTest> sharesMemoryWithTheKernelsDriver() throws IOException, InterruptedException {
        return InteropScript.cases(directory, "memory-with-siw", "-C", "50");
    }
}
