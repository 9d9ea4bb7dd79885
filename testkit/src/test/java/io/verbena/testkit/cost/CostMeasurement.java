package io.verbena.testkit.cost;

import com.sun.management.ThreadMXBean;
import io.verbena.testkit.DevicePair;
import io.verbena.testkit.PairOptions;
import io.verbena.testkit.SystemDeadline;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.Device;
import io.verbena.verbs.MemoryRegion;
import io.verbena.verbs.PlacementMode;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Counts what one operation costs: one at a time on a connection of its own, both devices driven by the calling thread, the
 * next when everything that was written has been read.
 *
 * <p>Thread rule: one thread; all that is counted happens on it.
 */
final class CostMeasurement implements AutoCloseable {
    /** Rounds at most; the first ones also warm up. */
    private static final int ROUNDS = 40;

    /** A capacity that no staging buffer has. */
    private static final int REGION_OCTETS = (1 << 20) + 4096 + 24;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final TransferCounts counts = new TransferCounts(REGION_OCTETS);
    private final CountedOperation operation;
    private final int octets;
    private final PlacementMode mode;
    private final DevicePair pair;
    private final Device clientDevice;
    private final Device serverDevice;
    private final MemoryRegion local;
    private final MemoryRegion target;
    private final RemoteRegion remote;
    private final SendRequest request = new SendRequest();
    private final ReceiveRequest receive = new ReceiveRequest();
    private final CompletionCursor sent;
    private final CompletionCursor received;

    CostMeasurement(CostRow row) {
        operation = row.operation();
        octets = row.octets();
        mode = row.mode();
        pair = DevicePair.open(PairOptions.defaults()
                .withCrc(mode != PlacementMode.DIRECT)
                .withPlacement(mode)
                .withCallerDrivenProgress()
                .withOpener(counts::open));
        clientDevice = pair.clientDevice();
        serverDevice = pair.serverDevice();
        local = pair.client().register(ByteBuffer.allocateDirect(REGION_OCTETS), AccessFlag.LOCAL_WRITE);
        target = pair.server()
                .register(
                        ByteBuffer.allocateDirect(REGION_OCTETS),
                        AccessFlag.LOCAL_WRITE,
                        AccessFlag.REMOTE_WRITE,
                        AccessFlag.REMOTE_READ);
        remote = target.remote();
        sent = pair.client().sendCompletions().cursor();
        received = pair.server().receiveCompletions().cursor();
    }

    /** Counts rounds until one costs no more than {@code enough} accepts, or there were enough; returns the least. */
    CostRow least(Predicate<CostRow> enough) {
        // Each round moves about 8 MiB, or is 200 operations.
        int operations = Math.min(200, (8 << 20) / octets);
        CostRow least = round(operations);
        for (int i = 1; i < ROUNDS && !enough.test(least); i++) {
            least = least.least(round(operations));
        }
        return least;
    }

    private CostRow round(int operations) {
        counts.clear();
        SystemDeadline deadline = SystemDeadline.in(SystemDeadline.USUAL);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < operations; i++) {
            once(deadline);
        }
        double allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        return new CostRow(
                operation,
                octets,
                mode,
                allocated / operations,
                octets - counts.gathered / (double) operations,
                octets - counts.steered / (double) operations,
                counts.writes / (double) operations,
                counts.reads / (double) operations);
    }

    private void once(SystemDeadline deadline) {
        switch (operation) {
            case SEND -> {
                pair.server()
                        .queuePair()
                        .postReceive(receive.receive(1).local(target, 0, octets))
                        .orThrow();
                request.send().local(local, 0, octets);
            }
            case WRITE -> request.write(remote).local(local, 0, octets);
            case READ -> request.read(remote).local(local, 0, octets);
        }
        pair.client().queuePair().postSend(request).orThrow();
        await(sent, deadline);
        if (operation == CountedOperation.SEND) {
            await(received, deadline);
        }
        while (!counts.settled()) {
            progress(deadline);
        }
    }

    private void await(CompletionCursor cursor, SystemDeadline deadline) {
        while (!cursor.next()) {
            progress(deadline);
        }
        if (!cursor.success()) {
            throw new AssertionError(operation + " ended with " + cursor.status() + ": " + cursor.cause());
        }
    }

    private void progress(SystemDeadline deadline) {
        clientDevice.progress(Duration.ZERO);
        serverDevice.progress(Duration.ZERO);
        if (deadline.passed()) {
            throw new AssertionError("a round of " + operation + " of " + octets + " octets, " + mode
                    + ", did not end in time: " + counts.written + " octets were written, " + counts.read + " read");
        }
    }

    @Override
    public void close() {
        pair.close();
    }
}
