package io.verbena.benchmarks.raw;

import io.verbena.benchmarks.end.ClientEnd;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.Throughput;
import io.verbena.benchmarks.row.Figures;
import io.verbena.benchmarks.row.Workload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

/** Asks for messages, an octet for each, several ahead, and reads them. */
final class RawReader implements ClientEnd {
    private final Workload workload;
    private final RawStation station;
    private final ByteBuffer request = ByteBuffer.allocateDirect(1);

    RawReader(EndTask task) {
        workload = task.workload();
        station = new RawStation(task);
    }

    @Override
    public void connect(List<Integer> ports) throws Exception {
        station.use(SocketChannel.open(RawStation.loopback(ports.get(0))), true);
    }

    @Override
    public Figures measure(Duration time) throws Exception {
        long began = System.nanoTime();
        long messages = 0;
        int outstanding = 0;
        while (outstanding < workload.outstanding()) {
            ask();
            outstanding++;
        }
        while (outstanding > 0) {
            station.read(station.next());
            messages++;
            if (System.nanoTime() - began < time.toNanos()) {
                ask();
            } else {
                outstanding--;
            }
        }
        return Throughput.figures(workload, messages, System.nanoTime() - began);
    }

    private void ask() throws IOException {
        station.writeFully(request.clear());
    }

    @Override
    public void close() throws IOException {
        station.close();
    }
}
