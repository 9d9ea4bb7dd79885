package io.verbena.testkit.simulated;

import java.util.PriorityQueue;

/**
 * What is going to happen, ordered by time, and the time itself. What is due at one moment happens in the order in which it
 * was entered.
 *
 * <p>Thread rule: the network's thread; {@link #nowNs()} any thread.
 */
final class Agenda {
    /** Not zero, so that nobody takes a moment for "never". */
    private static final long START_NS = 1_000_000_000L;

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private volatile long nowNs = START_NS;
    private long entered;
    private int traffic;

    long nowNs() {
        return nowNs;
    }

    /** Enters octets, or another happening of the network, for {@code delayNs} nanoseconds from now. */
    void traffic(long delayNs, Runnable happening) {
        traffic++;
        entries.add(new Entry(nowNs + delayNs, entered++, true, happening));
    }

    /** Enters a timer. */
    Entry timer(long timeNs, Runnable task) {
        Entry entry = new Entry(Math.max(timeNs, nowNs), entered++, false, task);
        entries.add(entry);
        return entry;
    }

    void withdraw(Entry timer) {
        entries.remove(timer);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Returns whether octets or other happenings of the network are under way; timers do not count. */
    boolean hasTraffic() {
        return traffic > 0;
    }

    /** Lets time pass until the next entry and runs it, unless that is later than {@code limitNs}. */
    boolean runNext(long limitNs) {
        Entry next = entries.peek();
        if (next == null || next.timeNs > limitNs) {
            return false;
        }
        entries.poll();
        nowNs = next.timeNs;
        if (next.traffic) {
            traffic--;
        }
        next.task.run();
        return true;
    }

    /** Lets time pass in which nothing happens. */
    void passUntil(long timeNs) {
        nowNs = Math.max(nowNs, timeNs);
    }

    /** A task and its time. */
    static final class Entry implements Comparable<Entry> {
        private final long timeNs;
        private final long order;
        private final boolean traffic;
        private final Runnable task;

        Entry(long timeNs, long order, boolean traffic, Runnable task) {
            this.timeNs = timeNs;
            this.order = order;
            this.traffic = traffic;
            this.task = task;
        }

        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(timeNs, other.timeNs);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return Long.hashCode(order);
        }
    }
}
