package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.Patience;
import io.verbena.benchmarks.end.ServerEnd;
import io.verbena.benchmarks.end.StopSignal;
import io.verbena.benchmarks.row.Figures;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import java.util.List;

/** The passive end of many streams. */
final class ShareServer implements ServerEnd {
    private final EndTask task;
    private final ShareStation station;
    private ConnectionListener listener;

    ShareServer(EndTask task) {
        this.task = task;
        station = new ShareStation(task);
    }

    @Override
    public List<Integer> listen() throws Exception {
        listener = station.device().listen(Station.loopback(0));
        return List.of(listener.localAddress().getPort());
    }

    @Override
    public void accept() throws Exception {
        ConnectionParameters parameters = Station.parameters(task.workload())
                .withPrivateData(station.region().remote().encode());
        for (int i = 0; i < station.count(); i++) {
            listener.nextRequest(Patience.LIMIT).accept(station.queuePair(i), parameters);
        }
    }

    @Override
    public Figures serve(StopSignal stop) throws Exception {
        while (!stop.raised()) {
            if (station.cursor().next()) {
                throw new EndFailedException("a " + station.cursor().operation() + " ended with "
                        + station.cursor().status());
            }
        }
        return new Figures();
    }

    @Override
    public void close() {
        station.close();
    }
}
