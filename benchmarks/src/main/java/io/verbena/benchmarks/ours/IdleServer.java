package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.ServerEnd;
import io.verbena.benchmarks.end.StopSignal;
import io.verbena.benchmarks.row.Figures;
import java.util.List;

/** Accepts connections that then do nothing, and says what each costs. */
final class IdleServer implements ServerEnd {
    private final IdleStation station;

    IdleServer(EndTask task) {
        station = new IdleStation(task);
    }

    @Override
    public List<Integer> listen() throws Exception {
        return List.of(AcceptAll.on(station).localAddress().getPort());
    }

    @Override
    public void accept() {
        // Connections come while it serves.
    }

    @Override
    public Figures serve(StopSignal stop) throws Exception {
        stop.await();
        return station.figures();
    }

    @Override
    public void close() {
        station.close();
    }
}
