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
 * Every operation, agreement, refusal and end of a connection with the Linux kernel's siw driver:
 * {@code interop/operations-with-siw}, each of its lines a test. Skipped, with its reason, where the virtual machine cannot be had.
 */
@Tag("interop")
class OperationsWithSiwIT {
    @TempDir
    Path directory;

    @TestFactory
    @Timeout(value = 16, unit = TimeUnit.MINUTES)
    Stream<DynamicTest> operatesWithTheKernelsDriver() throws IOException, InterruptedException {
        return InteropScript.cases(directory, "operations-with-siw");
    }
}
