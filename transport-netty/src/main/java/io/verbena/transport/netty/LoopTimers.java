package io.verbena.transport.netty;

import io.netty.util.internal.DefaultPriorityQueue;
import io.netty.util.internal.PriorityQueueNode;
import io.verbena.transport.EventLoop;
import java.util.Comparator;

/**
 * The tasks of one loop that wait for their time.
 *
 * <p>Thread rule: loop thread, except {@link #prepare} and {@link Entry#withdraw}.
 */
final class LoopTimers {
    private static final int INITIAL_CAPACITY = 16;

    private final DefaultPriorityQueue<Entry> waiting =
            new DefaultPriorityQueue<>(new EarlierFirst(), INITIAL_CAPACITY);
    private long added;

    /** Makes a timer that does not wait yet. Any thread. */
    Entry prepare(long deadlineNs, Runnable task) {
        return new Entry(deadlineNs, task);
    }

    void add(Entry entry) {
        if (!entry.withdrawn) {
            entry.order = added++;
            waiting.add(entry);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Returns nanoseconds until the next timer is due (0 or less: it is), or {@link Long#MAX_VALUE} without timers. */
    long untilNextNs(long nowNs) {
        Entry next = waiting.peek();
        return next == null ? Long.MAX_VALUE : next.deadlineNs - nowNs;
    }

    /** Takes out a timer that is due, or returns null. */
    Runnable pollDue(long nowNs) {
        Entry next = waiting.peek();
        while (next != null && next.deadlineNs - nowNs <= 0) {
            waiting.poll();
            if (!next.withdrawn) {
                return next.task;
            }
            next = waiting.peek();
        }
        return null;
    }

    void clear() {
        waiting.clear();
    }

    private static final class EarlierFirst implements Comparator<Entry> {
        @Override
        public int compare(Entry left, Entry right) {
            int byTime = Long.signum(left.deadlineNs - right.deadlineNs);
            return byTime != 0 ? byTime : Long.compare(left.order, right.order);
        }
    }

    /** One timer, and where it stands in the queue. */
    final class Entry implements EventLoop.Timer, PriorityQueueNode {
        private final long deadlineNs;
        private final Runnable task;
        private long order;
        private volatile boolean withdrawn;
        private int queueIndex = INDEX_NOT_IN_QUEUE;

        private Entry(long deadlineNs, Runnable task) {
            this.deadlineNs = deadlineNs;
            this.task = task;
        }

        /** Keeps the task from running; the entry stays where it is until its time. Any thread. */
        void withdraw() {
            withdrawn = true;
        }

        @Override
        public void cancel() {
            withdraw();
            waiting.removeTyped(this);
        }

        @Override
        public int priorityQueueIndex(DefaultPriorityQueue<?> queue) {
            return queueIndex;
        }

        @Override
        public void priorityQueueIndex(DefaultPriorityQueue<?> queue, int index) {
            queueIndex = index;
        }
    }
}
