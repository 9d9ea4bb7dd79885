package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.MemoryWalk;
import io.verbena.benchmarks.row.Operation;
import io.verbena.benchmarks.row.Workload;
import io.verbena.verbs.CompletedOperation;
import io.verbena.verbs.ReceiveBatch;
import io.verbena.verbs.SendRequest;
import java.nio.ByteBuffer;

/**
 * Polls receives and posts them again, walking through the region, and writes the number of messages received into the client's
 * control word: its credit. For one-sided operations there is nothing to receive, and polling drives the device.
 *
 * <p>Thread rule: one thread.
 */
final class Receiver implements Responder {
    private final Station station;
    private final int receives;
    private final MemoryWalk walk;
    private final ReceiveBatch batch = new ReceiveBatch();
    private final SendRequest credit = new SendRequest();
    private final ByteBuffer word = ByteBuffer.allocate(Long.BYTES);
    private long received;
    private long told;

    /** Posts the first receives; the station is not connected yet. */
    Receiver(Station station) {
        this.station = station;
        Workload workload = station.workload();
        receives = workload.operation() == Operation.SEND ? Station.receives(workload) : 0;
        walk = new MemoryWalk(station.walkOctets(), workload.messageOctets());
        for (int i = 0; i < receives; i++) {
            add();
        }
        repost();
    }

    @Override
    public void step() throws EndFailedException {
        while (station.next()) {
            taken();
        }
        answer();
    }

    @Override
    public void stepAsleep() throws EndFailedException, InterruptedException {
        if (station.nextAsleep()) {
            taken();
            step();
        }
    }

    private void taken() {
        if (station.cursor().operation() == CompletedOperation.RECEIVE) {
            received++;
            add();
            if (batch.size() >= station.workload().batch()) {
                repost();
            }
        }
    }

    private void answer() {
        if (batch.size() > 0) {
            repost();
        }
        if (received - told >= Math.max(1, receives / 4)) {
            credit.write(station.remote().stag(), station.remote().address() + station.walkOctets())
                    .inline(word.putLong(0, received))
                    .signaled(false);
            if (station.queuePair().postSend(credit).posted()) {
                told = received;
            }
        }
    }

    private void add() {
        batch.add()
                .receive(0)
                .local(station.region(), walk.next(), station.workload().messageOctets());
    }

    private void repost() {
        int size = batch.size();
        int posted = station.queuePair().postReceive(batch);
        if (posted != size) {
            throw new IllegalStateException("only " + posted + " of " + size + " receives were posted");
        }
        batch.clear();
    }
}
