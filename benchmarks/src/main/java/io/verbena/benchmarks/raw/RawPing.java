package io.verbena.benchmarks.raw;

import io.verbena.benchmarks.end.ClientEnd;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.RoundTrips;
import io.verbena.benchmarks.row.Figures;
import io.verbena.benchmarks.row.Operation;
import io.verbena.benchmarks.row.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

/** Round trips, one at a time: spins where the row is caller-driven, else blocks. */
final class RawPing implements ClientEnd {
    /** Octets that ask for a message where the row is one of RDMA Reads: the length of a Read Request's header. */
    static final int REQUEST_OCTETS = 28;

    private final RawStation station;
    private final boolean reads;
    private final boolean spins;
    private final ByteBuffer request = ByteBuffer.allocateDirect(REQUEST_OCTETS);
    private final RoundTrips roundTrips = new RoundTrips();

    RawPing(EndTask task) {
        station = new RawStation(task);
        reads = task.workload().operation() == Operation.READ;
        spins = task.workload().progress() == Progress.DRIVEN;
    }

    @Override
    public void connect(List<Integer> ports) throws Exception {
        station.use(SocketChannel.open(RawStation.loopback(ports.get(0))), !spins);
    }

    @Override
    public Figures measure(Duration time) throws Exception {
        roundTrips.clear();
        long began = System.nanoTime();
        long end = began + time.toNanos();
        while (began - end < 0) {
            int offset = station.next();
            if (reads) {
                station.writeFully(request.clear());
            } else {
                station.write(offset);
            }
            station.read(offset);
            long now = System.nanoTime();
            roundTrips.add(now - began);
            began = now;
        }
        return roundTrips.figures();
    }

    @Override
    public void close() throws IOException {
        station.close();
    }
}
