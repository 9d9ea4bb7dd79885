package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.ClientEnd;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.Throughput;
import io.verbena.benchmarks.row.Figures;
import io.verbena.verbs.Device;
import java.time.Duration;
import java.util.List;

/** Streams over one queue pair: the client's end. */
final class PumpClient implements ClientEnd {
    private final EndTask task;
    private final Device device;
    private final Station station;
    private Pump pump;

    PumpClient(EndTask task) {
        this.task = task;
        device = Device.open(Station.options(task, "client", task.workload().progress()));
        station = new Station(device, task.workload(), task.effort().regionOctets());
    }

    @Override
    public void connect(List<Integer> ports) throws Exception {
        station.connect(ports.get(0));
        pump = new Pump(station);
    }

    @Override
    public Figures measure(Duration time) throws Exception {
        long began = System.nanoTime();
        long messages = pump.forNanos(time.toNanos());
        return Throughput.figures(task.workload(), messages, System.nanoTime() - began);
    }

    @Override
    public void close() {
        station.close();
        device.close();
    }
}
