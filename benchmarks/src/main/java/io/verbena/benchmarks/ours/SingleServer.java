package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.ServerEnd;
import io.verbena.benchmarks.end.StopSignal;
import io.verbena.benchmarks.row.Figures;
import io.verbena.benchmarks.row.Operation;
import io.verbena.benchmarks.row.Shape;
import io.verbena.benchmarks.row.Workload;
import io.verbena.verbs.Device;
import io.verbena.verbs.cm.ConnectionListener;
import java.util.List;

/** The server's end of a stream or of round trips over one queue pair. */
final class SingleServer implements ServerEnd {
    private final Workload workload;
    private final Device device;
    private final Station station;
    private final Responder responder;
    private ConnectionListener listener;

    SingleServer(EndTask task) {
        workload = task.workload();
        device = Device.open(Station.options(task, "server", workload.progress()));
        station = new Station(device, workload, task.effort().regionOctets());
        responder = responder(station);
    }

    static Responder responder(Station station) {
        Workload workload = station.workload();
        if (workload.shape() == Shape.PING) {
            if (workload.operation() == Operation.SEND) {
                return new SendEcho(station);
            }
            if (workload.operation() == Operation.WRITE) {
                return new WriteEcho(station);
            }
        }
        return new Receiver(station);
    }

    @Override
    public List<Integer> listen() throws Exception {
        listener = device.listen(Station.loopback(0));
        return List.of(listener.localAddress().getPort());
    }

    @Override
    public void accept() throws Exception {
        station.accept(listener);
    }

    @Override
    public Figures serve(StopSignal stop) throws Exception {
        while (!stop.raised()) {
            switch (workload.progress()) {
                case DRIVEN -> responder.step();
                case DRIVEN_ASLEEP -> {
                    responder.step();
                    station.rest();
                }
                case BACKGROUND -> responder.stepAsleep();
            }
        }
        return new Figures();
    }

    @Override
    public void close() {
        station.close();
        device.close();
    }
}
