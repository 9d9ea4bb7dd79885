package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.ClientEnd;
import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.Patience;
import io.verbena.benchmarks.row.Figures;
import java.time.Duration;
import java.util.List;

/** Makes connections that then do nothing, and says what each costs: some in the first measurement, many in the next. */
final class IdleClient implements ClientEnd {
    private static final int FIRST_PART = 10;

    private final EndTask task;
    private final IdleStation station;
    private ManyConnects connects;
    private boolean warm;

    IdleClient(EndTask task) {
        this.task = task;
        station = new IdleStation(task);
    }

    @Override
    public void connect(List<Integer> ports) {
        connects = new ManyConnects(station, Station.loopback(ports.get(0)));
    }

    @Override
    public Figures measure(Duration time) throws Exception {
        int wanted = task.effort().idleQueuePairs();
        int count = warm ? FileDescriptors.allowedConnections(wanted) : Math.max(1, wanted / FIRST_PART);
        warm = true;
        int established = connects.connect(count, System.nanoTime() + Patience.LIMIT.toNanos());
        if (established < count) {
            throw new EndFailedException("only " + established + " of " + count + " queue pairs were connected within "
                    + Patience.LIMIT.toSeconds() + " s");
        }
        return station.figures();
    }

    @Override
    public void close() {
        station.close();
    }
}
