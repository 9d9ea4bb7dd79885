package io.verbena.examples.perf;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * Processor time of a process, all its threads, over a while.
 *
 * @param cpuNanos processor time in nanoseconds
 * @param nanos how long the while was
 */
record CpuUse(long cpuNanos, long nanos) {
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** Returns the processor time of this process so far; the difference of two is what {@link #since} makes. */
    static CpuUse now() {
        return new CpuUse(SYSTEM.getProcessCpuTime(), System.nanoTime());
    }

    /** Returns what was used from {@code start} until this. */
    CpuUse since(CpuUse start) {
        return new CpuUse(cpuNanos - start.cpuNanos, nanos - start.nanos);
    }

    /** Returns the use in percent of one processor. */
    double percent() {
        return nanos <= 0 ? 0 : 100.0 * cpuNanos / nanos;
    }
}
