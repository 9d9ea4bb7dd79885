package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.row.Workload;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.CompletionQueue;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.QueuePair;
import io.verbena.verbs.QueuePairOptions;
import java.nio.ByteBuffer;

/**
 * Many queue pairs of one device over one region, with one completion queue.
 *
 * <p>Thread rule: one thread, which drives the device.
 */
final class ShareStation implements AutoCloseable {
    private static final int DEPTH = 16;

    private final Device device;
    private final MemoryRegion region;
    private final CompletionCursor cursor;
    private final QueuePair[] queuePairs;

    ShareStation(EndTask task) {
        Workload workload = task.workload();
        device = Device.open(Station.options(task, task.role().name(), workload.progress()));
        ProtectionDomain domain = device.allocateProtectionDomain();
        ByteBuffer memory = ByteBuffer.allocateDirect(task.effort().regionOctets() + Station.CONTROL_OCTETS);
        region = domain.register(memory, AccessFlag.LOCAL_WRITE, AccessFlag.REMOTE_WRITE, AccessFlag.REMOTE_READ);
        queuePairs =
                new QueuePair[FileDescriptors.allowedConnections(task.effort().activeQueuePairs())];
        CompletionQueue completions = device.createCompletionQueue(DEPTH * queuePairs.length);
        cursor = completions.cursor();
        QueuePairOptions options = QueuePairOptions.with(completions).withDepths(DEPTH, 1);
        for (int i = 0; i < queuePairs.length; i++) {
            queuePairs[i] = domain.createQueuePair(options);
        }
    }

    Device device() {
        return device;
    }

    MemoryRegion region() {
        return region;
    }

    CompletionCursor cursor() {
        return cursor;
    }

    int count() {
        return queuePairs.length;
    }

    QueuePair queuePair(int index) {
        return queuePairs[index];
    }

    @Override
    public void close() {
        device.close();
    }
}
