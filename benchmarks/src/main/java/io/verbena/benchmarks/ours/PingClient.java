package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.ClientEnd;
import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.MemoryWalk;
import io.verbena.benchmarks.end.Patience;
import io.verbena.benchmarks.end.RoundTrips;
import io.verbena.benchmarks.row.Figures;
import io.verbena.benchmarks.row.Operation;
import io.verbena.benchmarks.row.Progress;
import io.verbena.verbs.Device;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;
import java.time.Duration;
import java.util.List;

/** Round trips, one at a time: the client's end. */
final class PingClient implements ClientEnd {
    private final Device device;
    private final Station station;
    private final Operation operation;
    private final boolean driven;
    private final int octets;
    private final MemoryWalk walk;
    private final RoundTrips roundTrips = new RoundTrips();
    private final SendRequest request = new SendRequest();
    private final ReceiveRequest receive = new ReceiveRequest();
    private final Patience patience = new Patience("the answer to a ping");
    private long number;

    PingClient(EndTask task) {
        operation = task.workload().operation();
        driven = task.workload().progress() == Progress.DRIVEN;
        octets = task.workload().messageOctets();
        device = Device.open(Station.options(task, "client", task.workload().progress()));
        station = new Station(device, task.workload(), task.effort().regionOctets());
        walk = new MemoryWalk(station.walkOctets(), octets);
    }

    @Override
    public void connect(List<Integer> ports) throws Exception {
        station.connect(ports.get(0));
    }

    @Override
    public Figures measure(Duration time) throws Exception {
        roundTrips.clear();
        long began = System.nanoTime();
        long end = began + time.toNanos();
        while (began - end < 0) {
            ping();
            long now = System.nanoTime();
            roundTrips.add(now - began);
            began = now;
        }
        return roundTrips.figures();
    }

    private void ping() throws EndFailedException, InterruptedException {
        int offset = walk.next();
        switch (operation) {
            case SEND -> {
                station.queuePair()
                        .postReceive(receive.receive(offset).local(station.region(), offset, octets))
                        .orThrow();
                post(request.send().signaled(false), offset);
                awaitCompletion();
            }
            case READ -> {
                post(request.read(station.remote().stag(), station.remote().address() + offset), offset);
                awaitCompletion();
            }
            case WRITE -> {
                int word = offset + octets - Long.BYTES;
                ControlWord.write(station.memory(), word, ++number);
                post(
                        request.write(station.remote().stag(), station.remote().address() + offset)
                                .signaled(false),
                        offset);
                patience.begin();
                while (ControlWord.read(station.memory(), word) != -number) {
                    station.next();
                    patience.nothing();
                }
            }
        }
    }

    private void post(SendRequest begun, int offset) {
        station.queuePair()
                .postSend(begun.local(station.region(), offset, octets))
                .orThrow();
    }

    private void awaitCompletion() throws EndFailedException, InterruptedException {
        patience.begin();
        if (driven) {
            while (!station.next()) {
                patience.nothing();
            }
            return;
        }
        long end = System.nanoTime() + Patience.LIMIT.toNanos();
        while (!station.nextAsleep()) {
            if (System.nanoTime() - end > 0) {
                throw new EndFailedException("no answer to a ping came in " + Patience.LIMIT.toSeconds() + " s");
            }
        }
    }

    @Override
    public void close() {
        station.close();
        device.close();
    }
}
