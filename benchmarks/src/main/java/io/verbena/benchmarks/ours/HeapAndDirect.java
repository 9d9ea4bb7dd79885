package io.verbena.benchmarks.ours;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** What this process holds: live objects on the heap, and direct buffers. */
final class HeapAndDirect {
    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();
    private static final int COLLECTIONS = 3;

    private HeapAndDirect() {}

    /** Collects garbage, more than once because buffers are freed behind a collection, and returns the octets held. */
    static long octets() {
        for (int i = 0; i < COLLECTIONS; i++) {
            MEMORY.gc();
        }
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return MEMORY.getHeapMemoryUsage().getUsed() + direct;
    }

    /** Returns a connection's share of what was added between two looks. */
    static double perConnection(long octetsBefore, long octetsAfter, int countBefore, int countAfter) {
        return (octetsAfter - octetsBefore) / (double) Math.max(1, countAfter - countBefore);
    }
}
