package io.verbena.benchmarks;

import io.verbena.queue.SendQueue;
import io.verbena.verbs.SendRequest;
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
 * What the send queue itself costs for one request: posting, taking it into service, freeing its slot. Nothing is sent.
 *
 * <p>Thread rule: one thread, but for the group {@code twoThreads}: a posting thread and a serving one.
 */
@State(Scope.Group)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SendQueueBenchmark {
    private static final int BATCH = 16;

    private final SendQueue queue = new SendQueue(128, 4, 256);
    private final SendRequest request = new SendRequest().write(1, 2).local(3, 4, 5);

    /** Each request finds the engine idle. */
    @Benchmark
    @Group("oneByOne")
    public int oneByOne() {
        queue.post(request);
        int slot = queue.next();
        queue.done(slot);
        return slot;
    }

    /** A batch is posted, then served. */
    @Benchmark
    @Group("batches")
    @OperationsPerInvocation(BATCH)
    public int batches() {
        for (int i = 0; i < BATCH; i++) {
            queue.post(request);
        }
        int last = 0;
        for (int i = 0; i < BATCH; i++) {
            last = queue.next();
            queue.done(last);
        }
        return last;
    }

    /** Posts until it was taken. */
    @Benchmark
    @Group("twoThreads")
    public void post(Control control) {
        while (!queue.post(request).posted() && !control.stopMeasurement) {
            Thread.onSpinWait();
        }
    }

    /** Serves one request. */
    @Benchmark
    @Group("twoThreads")
    public int serve(Control control) {
        int slot = queue.next();
        while (slot < 0 && !control.stopMeasurement) {
            Thread.onSpinWait();
            slot = queue.next();
        }
        if (slot >= 0) {
            queue.done(slot);
        }
        return slot;
    }
}
