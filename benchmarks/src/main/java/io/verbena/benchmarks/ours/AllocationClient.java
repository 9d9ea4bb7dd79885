package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.AllocatedOctets;
import io.verbena.benchmarks.end.ClientEnd;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.row.AllocationCases;
import io.verbena.benchmarks.row.Figures;
import io.verbena.benchmarks.row.Progress;
import io.verbena.benchmarks.row.Workload;
import io.verbena.verbs.Device;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Counts what this end allocates: one case in each measurement, in turn. */
final class AllocationClient implements ClientEnd {
    private final EndTask task;
    private final Device driven;
    private final Device background;
    private final List<Workload> cases;
    private final List<Pump> pumps = new ArrayList<>();
    private AllocatedOctets allocated;
    private int next;

    AllocationClient(EndTask task) {
        this.task = task;
        cases = AllocationCases.all(task.workload());
        driven = Device.open(Station.options(task, "driven", Progress.DRIVEN));
        background = Device.open(Station.options(task, "background", Progress.BACKGROUND));
    }

    @Override
    public void connect(List<Integer> ports) throws Exception {
        for (Workload each : cases) {
            boolean byThisThread = each.progress() == Progress.DRIVEN;
            Device device = byThisThread ? driven : background;
            Station station = new Station(device, each, AllocationCases.WALK_OCTETS);
            station.connect(ports.get(byThisThread ? 0 : 1));
            pumps.add(new Pump(station));
        }
        allocated = new AllocatedOctets();
    }

    @Override
    public Figures measure(Duration time) throws Exception {
        int index = next++ % cases.size();
        long operations =
                AllocationCases.operations(cases.get(index), task.effort().countedOperations());
        allocated.begin();
        long done = pumps.get(index).messages(operations);
        long octets = allocated.octets();
        return new Figures().with(Figures.ALLOCATED, octets).with(Figures.OPERATIONS, done);
    }

    @Override
    public void close() {
        driven.close();
        background.close();
    }
}
