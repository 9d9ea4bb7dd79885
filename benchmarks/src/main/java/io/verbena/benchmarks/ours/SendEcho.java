package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.MemoryWalk;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.ReceiveRequest;
import io.verbena.verbs.SendRequest;

/**
 * Answers each Send with one from the memory it came into.
 *
 * <p>Thread rule: one thread.
 */
final class SendEcho implements Responder {
    private final Station station;
    private final int octets;
    private final MemoryWalk walk;
    private final ReceiveRequest receive = new ReceiveRequest();
    private final SendRequest answer = new SendRequest();

    /** Posts the first receive; the station is not connected yet. */
    SendEcho(Station station) {
        this.station = station;
        octets = station.workload().messageOctets();
        walk = new MemoryWalk(station.walkOctets(), octets);
        post();
    }

    @Override
    public void step() throws EndFailedException {
        while (station.next()) {
            taken();
        }
    }

    @Override
    public void stepAsleep() throws EndFailedException, InterruptedException {
        if (station.nextAsleep()) {
            taken();
        }
    }

    private void taken() {
        if (station.cursor().operation() == CompletedOperation.RECEIVE) {
            long offset = station.cursor().id();
            post();
            answer.send().local(station.region(), offset, octets).signaled(false);
            station.queuePair().postSend(answer).orThrow();
        }
    }

    private void post() {
        int offset = walk.next();
        station.queuePair()
                .postReceive(receive.receive(offset).local(station.region(), offset, octets))
                .orThrow();
    }
}
