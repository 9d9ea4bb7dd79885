package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.ClientEnd;
import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.MemoryWalk;
import io.verbena.benchmarks.end.Patience;
import io.verbena.benchmarks.row.Figures;
import io.verbena.benchmarks.row.Workload;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.CompletionCursor;
import io.verbena.verbs.RemoteRegion;
import io.verbena.verbs.SendRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Writes on one queue pair, then on all of them at once, in each measurement; every one keeps as many under way. */
final class ShareClient implements ClientEnd {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MEBI = 1 << 20;

    private final Workload workload;
    private final ShareStation station;
    private final MemoryWalk walk;
    private final SendRequest request = new SendRequest();
    private final Patience patience = new Patience("a completion");
    private final long[] written;
    private RemoteRegion remote;

    ShareClient(EndTask task) {
        workload = task.workload();
        station = new ShareStation(task);
        written = new long[station.count()];
        walk = new MemoryWalk(task.effort().regionOctets(), workload.messageOctets());
    }

    @Override
    public void connect(List<Integer> ports) throws Exception {
        for (int i = 0; i < station.count(); i++) {
            byte[] answer = station.device()
                    .connect(station.queuePair(i), Station.loopback(ports.get(0)), Station.parameters(workload))
                    .privateData();
            remote = RemoteRegion.decode(ByteBuffer.wrap(answer));
        }
    }

    @Override
    public Figures measure(Duration time) throws Exception {
        double one = perSecond(1, time.toNanos() / 2);
        double all = perSecond(station.count(), time.toNanos());
        long slowest = Arrays.stream(written).min().orElse(0);
        double mean = Arrays.stream(written).average().orElse(1);
        return new Figures()
                .with(Figures.VALUE, all / one)
                .with("one", one)
                .with("all", all)
                .with("queuePairs", station.count())
                .with("slowestToMean", mean == 0 ? 0 : slowest / mean);
    }

    /** Returns MiB a second over the first {@code active} queue pairs. */
    private double perSecond(int active, long nanos) throws EndFailedException {
        Arrays.fill(written, 0);
        long began = System.nanoTime();
        for (int i = 0; i < active; i++) {
            for (int posts = 0; posts < workload.outstanding(); posts++) {
                write(i);
            }
        }
        while (System.nanoTime() - began < nanos) {
            int index = poll(CompletedOperation.WRITE);
            if (index >= 0) {
                written[index]++;
                write(index);
            }
        }
        long total = Arrays.stream(written).sum() + drain(active);
        return total * workload.messageOctets() / MEBI * NANOS_PER_SECOND / (System.nanoTime() - began);
    }

    /** Waits until all has arrived: a Read behind the Writes of each queue pair says so. Returns the Writes it waited for. */
    private long drain(int active) throws EndFailedException {
        long left = (long) active * workload.outstanding();
        for (long done = 0; done < left; ) {
            done += poll(CompletedOperation.WRITE) >= 0 ? 1 : 0;
        }
        long control = station.region().lengthOctets() - Station.CONTROL_OCTETS;
        for (int i = 0; i < active; i++) {
            request.read(remote.stag(), remote.address()).id(i).local(station.region(), control, Long.BYTES);
            station.queuePair(i).postSend(request).orThrow();
        }
        for (int done = 0; done < active; ) {
            done += poll(CompletedOperation.READ) >= 0 ? 1 : 0;
        }
        return left;
    }

    private void write(int index) {
        int offset = walk.next();
        request.write(remote.stag(), remote.address() + offset)
                .id(index)
                .local(station.region(), offset, workload.messageOctets());
        station.queuePair(index).postSend(request).orThrow();
    }

    /** Returns the queue pair whose {@code operation} has completed, or -1 if nothing has. */
    private int poll(CompletedOperation operation) throws EndFailedException {
        CompletionCursor cursor = station.cursor();
        if (!cursor.next()) {
            patience.nothing();
            return -1;
        }
        patience.begin();
        if (!cursor.success() || cursor.operation() != operation) {
            throw new EndFailedException("a " + cursor.operation() + " ended with " + cursor.status() + " where a "
                    + operation + " was expected");
        }
        return (int) cursor.id();
    }

    @Override
    public void close() {
        station.close();
    }
}
