package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.ClientEnd;
import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.row.Figures;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

/** Counts connections made, while a peer that says nothing is connected as well. */
final class ConnectClient implements ClientEnd {
    private static final double NANOS_PER_SECOND = 1e9;

    private final EndTask task;
    private final IdleStation station;
    private InetSocketAddress remote;

    ConnectClient(EndTask task) {
        this.task = task;
        station = new IdleStation(task);
    }

    @Override
    public void connect(List<Integer> ports) {
        remote = Station.loopback(ports.get(0));
    }

    @Override
    public Figures measure(Duration time) throws Exception {
        int most = FileDescriptors.allowedConnections(task.effort().connections());
        try (SocketChannel silent = SocketChannel.open(remote)) {
            long began = System.nanoTime();
            int established = new ManyConnects(station, remote).connect(most, began + time.toNanos());
            long nanos = System.nanoTime() - began;
            silent.configureBlocking(false);
            if (silent.read(ByteBuffer.allocate(1)) != 0) {
                throw new EndFailedException("the silent peer did not stay connected");
            }
            return new Figures()
                    .with(Figures.VALUE, established * NANOS_PER_SECOND / nanos)
                    .with(Figures.OPERATIONS, established);
        } finally {
            station.abortAll();
        }
    }

    @Override
    public void close() {
        station.close();
    }
}
