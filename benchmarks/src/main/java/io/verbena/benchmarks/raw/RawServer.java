package io.verbena.benchmarks.raw;

import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.ServerEnd;
import io.verbena.benchmarks.end.StopSignal;
import io.verbena.benchmarks.row.Figures;
import io.verbena.benchmarks.row.Progress;
import io.verbena.benchmarks.row.Shape;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The server's end of a stream or of round trips. It spins on the calling thread while it serves, or has a thread of its own
 * that blocks on the connection.
 */
final class RawServer implements ServerEnd {
    private final EndTask task;
    private final RawStation station;
    private final RawService service;
    private final AtomicReference<IOException> failure = new AtomicReference<>();
    private final ServerSocketChannel listener;

    RawServer(EndTask task) throws IOException {
        this.task = task;
        station = new RawStation(task);
        service = RawService.of(task, station);
        listener = ServerSocketChannel.open();
    }

    @Override
    public List<Integer> listen() throws Exception {
        listener.bind(RawStation.loopback(0));
        return List.of(listener.socket().getLocalPort());
    }

    @Override
    public void accept() throws Exception {
        station.use(listener.accept(), !spins());
        if (!spins()) {
            Thread thread = new Thread(this::block, "raw-server");
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Override
    public Figures serve(StopSignal stop) throws Exception {
        if (spins()) {
            while (!stop.raised()) {
                service.step();
            }
        } else {
            stop.await();
        }
        IOException failed = failure.get();
        if (failed != null) {
            throw new EndFailedException("the raw server's connection failed: " + failed.getMessage(), failed);
        }
        return new Figures();
    }

    private boolean spins() {
        return task.workload().shape() == Shape.PING && task.workload().progress() == Progress.DRIVEN;
    }

    private void block() {
        try {
            while (true) {
                service.step();
            }
        } catch (AsynchronousCloseException e) {
            // The end of this end.
            return;
        } catch (IOException e) {
            failure.set(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        station.close();
    }
}
