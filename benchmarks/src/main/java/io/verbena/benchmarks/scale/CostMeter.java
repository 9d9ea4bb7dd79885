package io.verbena.benchmarks.scale;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Measures what the calling thread does.
 *
 * <p>Reads and writes are those that Linux counts of a thread: {@code read}, {@code write} and their kin with several buffers,
 * of sockets as well, and those that found nothing. Calls of the selector are not among them.
 *
 * <p>Thread rule: one thread.
 */
final class CostMeter {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Path COUNTS = Path.of("/proc/thread-self/io");
    private static final List<String> COUNTED = List.of("syscr: ", "syscw: ");

    private long nanos;
    private long processorNanos;
    private double readsAndWrites;

    /** Begins. */
    void start() {
        readsAndWrites = count();
        processorNanos = THREADS.getCurrentThreadCpuTime();
        nanos = System.nanoTime();
    }

    /** Ends; returns the cost of each of {@code operations}. */
    Cost stop(long operations) {
        double spentNanos = System.nanoTime() - nanos;
        double spentProcessorNanos = THREADS.getCurrentThreadCpuTime() - processorNanos;
        double calls = count() - readsAndWrites;
        return new Cost(spentNanos / operations, spentProcessorNanos / operations, calls / operations);
    }

    private static double count() {
        if (!Files.isReadable(COUNTS)) {
            return Double.NaN;
        }
        try {
            return Files.readAllLines(COUNTS).stream()
                    .filter(line -> COUNTED.stream().anyMatch(line::startsWith))
                    .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                    .sum();
        } catch (IOException notTold) {
            return Double.NaN;
        }
    }
}
