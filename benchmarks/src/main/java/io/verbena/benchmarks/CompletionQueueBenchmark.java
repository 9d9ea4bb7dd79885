package io.verbena.benchmarks;

import io.verbena.queue.CompletionQueueOwner;
import io.verbena.queue.SoftCompletionQueue;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionHandler;
import io.verbena.verbs.WorkCompletionStatus;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Control;

/**
 * What a completion costs, from adding it to polling it. No device is driven.
 *
 * <p>Thread rule: one thread, but for the group {@code twoThreads}: an engine that adds and an application that polls.
 */
@State(Scope.Group)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CompletionQueueBenchmark {
    private static final int BATCH = 16;
    private static final int CAPACITY = 256;

    private final SoftCompletionQueue queue =
            new SoftCompletionQueue(1, CAPACITY, CAPACITY, null, null, new NeverCalled());
    private final CompletionCursor cursor = queue.cursor();
    private final CompletionHandler keepId = completion -> last = completion.id();
    private long last;

    /** Adds a completion and polls it; returns its id. */
    @Benchmark
    @Group("oneByOne")
    public long oneByOne() {
        add();
        cursor.next();
        return cursor.id();
    }

    /** Adds a batch and polls it; returns the last id. */
    @Benchmark
    @Group("batches")
    @OperationsPerInvocation(BATCH)
    public long batches() {
        for (int i = 0; i < BATCH; i++) {
            add();
        }
        for (int i = 0; i < BATCH; i++) {
            cursor.next();
        }
        return cursor.id();
    }

    /** The same through a handler; returns the last id. */
    @Benchmark
    @Group("handler")
    @OperationsPerInvocation(BATCH)
    public long handler() {
        for (int i = 0; i < BATCH; i++) {
            add();
        }
        queue.poll(BATCH, keepId);
        return last;
    }

    /** Polls an empty queue; returns false. */
    @Benchmark
    @Group("empty")
    public boolean empty() {
        return cursor.next();
    }

    /** Adds, once there is room. */
    @Benchmark
    @Group("twoThreads")
    public void add(Control control) {
        while (queue.size() == CAPACITY && !control.stopMeasurement) {
            Thread.onSpinWait();
        }
        if (queue.size() < CAPACITY) {
            add();
        }
    }

    /** Polls until there is one; returns its id. */
    @Benchmark
    @Group("twoThreads")
    public long poll(Control control) {
        while (!control.stopMeasurement) {
            if (cursor.next()) {
                return cursor.id();
            }
            Thread.onSpinWait();
        }
        return 0;
    }

    private void add() {
        queue.add(7, WorkCompletionStatus.SUCCESS, CompletedOperation.WRITE, 1, 0, false, false, 0, null);
    }

    /** Hears of nothing: nothing overflows, and nobody closes the queue. */
    private static final class NeverCalled implements CompletionQueueOwner {
        @Override
        public void onOverflow(SoftCompletionQueue overflowing) {
            throw new IllegalStateException("the queue of " + CAPACITY + " completions overflows");
        }

        @Override
        public void onClosed(SoftCompletionQueue closed) {
            throw new IllegalStateException("nobody closes the queue");
        }
    }
}
