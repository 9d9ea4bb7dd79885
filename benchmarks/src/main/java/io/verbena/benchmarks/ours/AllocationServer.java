package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.AllocatedOctets;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.ServerEnd;
import io.verbena.benchmarks.end.StopSignal;
import io.verbena.benchmarks.row.AllocationCases;
import io.verbena.benchmarks.row.Figures;
import io.verbena.benchmarks.row.Progress;
import io.verbena.benchmarks.row.Workload;
import io.verbena.verbs.Device;
import io.verbena.verbs.cm.ConnectionListener;
import java.util.ArrayList;
import java.util.List;

/** Serves one case in each measurement, in turn, and counts what this end allocates. */
final class AllocationServer implements ServerEnd {
    private final List<Workload> cases;
    private final List<Responder> responders = new ArrayList<>();
    private final Device driven;
    private final Device background;
    private ConnectionListener drivenListener;
    private ConnectionListener backgroundListener;
    private AllocatedOctets allocated;
    private int next;

    AllocationServer(EndTask task) {
        cases = AllocationCases.all(task.workload());
        driven = Device.open(Station.options(task, "driven", Progress.DRIVEN));
        background = Device.open(Station.options(task, "background", Progress.BACKGROUND));
    }

    @Override
    public List<Integer> listen() throws Exception {
        drivenListener = driven.listen(Station.loopback(0));
        backgroundListener = background.listen(Station.loopback(0));
        return List.of(
                drivenListener.localAddress().getPort(),
                backgroundListener.localAddress().getPort());
    }

    @Override
    public void accept() throws Exception {
        for (Workload each : cases) {
            boolean byThisThread = each.progress() == Progress.DRIVEN;
            Station station = new Station(byThisThread ? driven : background, each, AllocationCases.WALK_OCTETS);
            responders.add(SingleServer.responder(station));
            station.accept(byThisThread ? drivenListener : backgroundListener);
        }
        allocated = new AllocatedOctets();
    }

    @Override
    public Figures serve(StopSignal stop) throws Exception {
        int index = next++ % cases.size();
        Workload workload = cases.get(index);
        Responder responder = responders.get(index);
        allocated.begin();
        while (!stop.raised()) {
            responder.step();
            if (workload.progress() == Progress.BACKGROUND) {
                Station.nap();
            }
        }
        long octets = allocated.octets();
        return new Figures().with(Figures.ALLOCATED, octets);
    }

    @Override
    public void close() {
        driven.close();
        background.close();
    }
}
