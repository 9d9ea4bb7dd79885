package io.verbena.benchmarks.ours;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** How many connections this process may have. */
public final class FileDescriptors {
    /** Kept for jars, selectors and standard streams. */
    private static final long SPARE = 256;

    private FileDescriptors() {}

    /** Returns {@code wanted}, or fewer where the operating system allows no more open files. */
    public static int allowedConnections(int wanted) {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof UnixOperatingSystemMXBean unix) {
            long free = unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount() - SPARE;
            return (int) Math.max(1, Math.min(wanted, free));
        }
        return wanted;
    }
}
