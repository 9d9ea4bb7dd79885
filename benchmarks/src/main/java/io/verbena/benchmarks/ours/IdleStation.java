package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.row.Figures;
import io.verbena.benchmarks.row.Progress;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A device with many queue pairs that do nothing: created as {@link QueuePairOptions#with} has them, but for the depths.
 *
 * <p>Thread rule: any thread adds; one thread measures.
 */
final class IdleStation implements AutoCloseable {
    /** Slots of each send and each receive queue. */
    static final int DEPTH = 16;

    private final Device device;
    private final ProtectionDomain domain;
    private final QueuePairOptions options;
    private final Queue<QueuePair> queuePairs = new ConcurrentLinkedQueue<>();
    private long octetsBefore;
    private int countBefore;

    IdleStation(EndTask task) {
        device = Device.open(Station.options(task, task.role().name(), Progress.BACKGROUND));
        domain = device.allocateProtectionDomain();
        CompletionQueue completions = device.createCompletionQueue(1024);
        options = QueuePairOptions.with(completions).withDepths(DEPTH, DEPTH);
    }

    Device device() {
        return device;
    }

    /** Makes a queue pair that is kept until {@link #abortAll} or {@link #close}. */
    QueuePair create() {
        QueuePair queuePair = domain.createQueuePair(options);
        queuePairs.add(queuePair);
        return queuePair;
    }

    int count() {
        return queuePairs.size();
    }

    /** Destroys all queue pairs; their connections break. */
    void abortAll() {
        for (QueuePair each = queuePairs.poll(); each != null; each = queuePairs.poll()) {
            each.close();
        }
    }

    /** Returns what each connection made since the last look costs. */
    Figures figures() {
        long octets = HeapAndDirect.octets();
        int count = count();
        Figures figures = new Figures()
                .with(Figures.VALUE, HeapAndDirect.perConnection(octetsBefore, octets, countBefore, count))
                .with("queuePairs", count);
        octetsBefore = octets;
        countBefore = count;
        return figures;
    }

    @Override
    public void close() {
        device.close();
    }
}
