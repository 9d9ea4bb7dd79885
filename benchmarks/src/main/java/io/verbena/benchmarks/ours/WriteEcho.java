package io.verbena.benchmarks.ours;

import io.verbena.benchmarks.end.EndFailedException;
import io.verbena.benchmarks.end.MemoryWalk;
import io.verbena.verbs.SendRequest;

/**
 * Sees Writes in memory, by a number in their last 8 octets, and writes the same octets back with the number negated.
 *
 * <p>Thread rule: one thread, which drives the device.
 */
final class WriteEcho implements Responder {
    private final Station station;
    private final int octets;
    private final MemoryWalk walk;
    private final SendRequest answer = new SendRequest();
    private int offset;
    private long expected = 1;

    WriteEcho(Station station) {
        this.station = station;
        octets = station.workload().messageOctets();
        walk = new MemoryWalk(station.walkOctets(), octets);
        offset = walk.next();
    }

    @Override
    public void step() throws EndFailedException {
        int word = offset + octets - Long.BYTES;
        if (ControlWord.read(station.memory(), word) != expected) {
            // Polling drives; nothing completes here but what failed.
            station.next();
            return;
        }
        ControlWord.write(station.memory(), word, -expected);
        answer.write(station.remote().stag(), station.remote().address() + offset)
                .local(station.region(), offset, octets)
                .signaled(false);
        station.queuePair().postSend(answer).orThrow();
        expected++;
        offset = walk.next();
    }

    @Override
    public void stepAsleep() {
        throw new UnsupportedOperationException("nobody is notified of a Write");
    }
}
