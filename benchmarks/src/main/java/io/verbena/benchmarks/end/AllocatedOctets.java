package io.verbena.benchmarks.end;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Counts the heap octets that the threads of this process allocate, but for the one that reads commands. Reading it allocates
 * nothing.
 *
 * <p>Thread rule: one thread; it is one of those counted.
 */
public final class AllocatedOctets {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long[] ids;
    private long before;

    /** Counts the threads that live now. */
    public AllocatedOctets() {
        ids = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().equals(EndCommands.READER))
                .mapToLong(AllocatedOctets::idOf)
                .toArray();
        begin();
        octets();
    }

    /** Counts from now on. */
    public void begin() {
        before = sum();
    }

    /** Returns what was allocated since. */
    public long octets() {
        return sum() - before;
    }

    private long sum() {
        long sum = 0;
        for (long id : ids) {
            // -1 for a thread that has ended.
            sum += Math.max(0, THREADS.getThreadAllocatedBytes(id));
        }
        return sum;
    }

    @SuppressWarnings("deprecation") // Thread.threadId() is not there on 17.
    private static long idOf(Thread thread) {
        return thread.getId();
    }
}
