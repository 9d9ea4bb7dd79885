package io.verbena.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Counts the octets that threads allocate on the heap, to show that a steady state allocates nothing.
 *
 * <pre>{@code
 * AllocationMeter meter = AllocationMeter.start(name -> name.startsWith("verbena-io") || name.equals("main"));
 * ...
 * assertThat(meter.octets()).isLessThan(1024);
 * }</pre>
 *
 * <p>Thread rule: one thread at a time; it may be one of those measured.
 */
public final class AllocationMeter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /**
     * What is measured.
     *
     * @param <E> what it throws
     */
    @FunctionalInterface
    public interface Work<E extends Exception> {
        /** Does it once. */
        void run() throws E;
    }

    private static final int MOST_RUNS = 10;

    private final Map<Long, Long> before = new HashMap<>();
    private final long[] ids;

    private AllocationMeter(long[] ids) {
        this.ids = ids;
        THREADS.getThreadAllocatedBytes(ids);
        long[] now = THREADS.getThreadAllocatedBytes(ids);
        for (int i = 0; i < ids.length; i++) {
            before.put(ids[i], now[i]);
        }
    }

    /** Begins to measure the live threads whose name {@code names} accepts. */
    public static AllocationMeter start(Predicate<String> names) {
        return new AllocationMeter(Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> names.test(thread.getName()))
                .mapToLong(AllocationMeter::idOf)
                .sorted()
                .toArray());
    }

    /** Begins to measure the calling thread and the live threads whose name {@code names} accepts. */
    public static AllocationMeter startWithCaller(Predicate<String> names) {
        String caller = Thread.currentThread().getName();
        return start(name -> name.equals(caller) || names.test(name));
    }

    /**
     * Runs {@code work} until one run allocates fewer octets than {@code enough} in the calling thread and the live threads
     * whose name {@code names} accepts, at most {@value #MOST_RUNS} times, and returns the octets of the cheapest run. The
     * compiler may allocate once for what it does to a thread's code while it is counted; what the work costs shows in every
     * run.
     *
     * @param <E> what the work throws
     */
    public static <E extends Exception> long least(Predicate<String> names, long enough, Work<E> work) throws E {
        long least = Long.MAX_VALUE;
        for (int run = 0; run < MOST_RUNS && least >= enough; run++) {
            AllocationMeter meter = startWithCaller(names);
            work.run();
            least = Math.min(least, meter.octets());
        }
        return least;
    }

    /** Returns how many threads are measured. */
    public int threads() {
        return ids.length;
    }

    /** Returns the octets that these threads have allocated since the start; those of a thread that ended do not count. */
    public long octets() {
        long[] now = THREADS.getThreadAllocatedBytes(ids);
        long sum = 0;
        for (int i = 0; i < ids.length; i++) {
            sum += Math.max(0, now[i] - before.get(ids[i]));
        }
        return sum;
    }

    @SuppressWarnings("deprecation") // Thread.threadId() is not there on 17.
    private static long idOf(Thread thread) {
        return thread.getId();
    }
}
