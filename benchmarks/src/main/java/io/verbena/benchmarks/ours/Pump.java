package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.MemoryWalk;
import io.verbena.benchmarks.end.Patience;
import io.verbena.benchmarks.row.Operation;
import io.verbena.benchmarks.row.Workload;
import io.verbena.verbs.SendBatch;
import io.verbena.verbs.SendRequest;

/**
 * Keeps batches of one operation under way, walking through both regions. The last request of a batch is signaled. Sends wait
 * for credits, which the server writes into a control word. A Read at the end proves that everything before it has arrived.
 *
 * <p>Thread rule: one thread, which also drives the device if nobody else does.
 */
final class Pump {
    private final Station station;
    private final Workload workload;
    private final MemoryWalk walk;
    private final SendBatch batch = new SendBatch();
    private final SendRequest last = new SendRequest();
    private final Patience patience = new Patience("a completion");
    private int outstanding;
    private long posted;

    Pump(Station station) {
        this.station = station;
        workload = station.workload();
        walk = new MemoryWalk(station.walkOctets(), workload.messageOctets());
    }

    /** Works for {@code nanos}; returns the messages that have arrived. */
    long forNanos(long nanos) throws EndFailedException {
        long before = posted;
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            step();
        }
        finish();
        return posted - before;
    }

    /** Moves {@code messages}, rounded up to whole batches; returns how many it were. */
    long messages(long messages) throws EndFailedException {
        long before = posted;
        while (posted - before < messages) {
            step();
        }
        finish();
        return posted - before;
    }

    private void step() throws EndFailedException {
        if (outstanding < workload.outstanding() && mayPost()) {
            post();
        } else {
            poll();
        }
    }

    private void finish() throws EndFailedException {
        while (outstanding > 0) {
            poll();
        }
        if (workload.operation() != Operation.READ) {
            last.read(station.remote().stag(), station.remote().address())
                    .local(station.region(), station.walkOctets() + Long.BYTES, Long.BYTES);
            station.queuePair().postSend(last).orThrow();
            outstanding++;
            while (outstanding > 0) {
                poll();
            }
        }
    }

    private boolean mayPost() {
        return workload.operation() != Operation.SEND
                || posted + workload.batch() - ControlWord.read(station.memory(), station.walkOctets())
                        <= Station.receives(workload);
    }

    private void post() throws EndFailedException {
        int octets = workload.messageOctets();
        int stag = station.remote().stag();
        long address = station.remote().address();
        batch.clear();
        for (int i = 0; i < workload.batch(); i++) {
            SendRequest request = batch.add();
            int offset = walk.next();
            switch (workload.operation()) {
                case WRITE -> request.write(stag, address + offset);
                case READ -> request.read(stag, address + offset);
                case SEND -> request.send();
            }
            request.local(station.region(), offset, octets).signaled(i == workload.batch() - 1);
        }
        int taken = station.queuePair().postSend(batch);
        if (taken != workload.batch()) {
            throw new EndFailedException("only " + taken + " of a batch of " + workload.batch()
                    + " requests were posted, in state " + station.queuePair().state());
        }
        posted += taken;
        outstanding++;
    }

    private void poll() throws EndFailedException {
        if (station.next()) {
            outstanding--;
            patience.begin();
        } else {
            station.rest();
            patience.nothing();
        }
    }
}
