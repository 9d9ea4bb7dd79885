package io.verbena.benchmarks.raw;

import io.verbena.benchmarks.end.ClientEnd;
import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.end.Throughput;
import io.verbena.benchmarks.row.Figures;
import io.verbena.benchmarks.row.Workload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;

/**
 * Writes messages, each with a write of its own; small ones are copied behind each other, and a batch of them is written at
 * once. Ends where an acknowledgement is due, and waits for all of them.
 */
final class RawSource implements ClientEnd {
    private final Workload workload;
    private final RawStation station;
    private final ByteBuffer batch;
    private final ByteBuffer acknowledgements = ByteBuffer.allocateDirect(4096);

    RawSource(EndTask task) {
        workload = task.workload();
        station = new RawStation(task);
        batch = ByteBuffer.allocateDirect(workload.batch() * workload.messageOctets());
    }

    @Override
    public void connect(List<Integer> ports) throws Exception {
        station.use(SocketChannel.open(RawStation.loopback(ports.get(0))), true);
    }

    @Override
    public Figures measure(Duration time) throws Exception {
        long began = System.nanoTime();
        long stretches = 0;
        do {
            stretch();
            stretches++;
        } while (System.nanoTime() - began < time.toNanos());
        awaitAcknowledgements(stretches);
        long messages = stretches * (Acknowledged.EVERY_OCTETS / workload.messageOctets());
        return Throughput.figures(workload, messages, System.nanoTime() - began);
    }

    private void stretch() throws IOException {
        int messages = Acknowledged.EVERY_OCTETS / workload.messageOctets();
        for (int i = 0; i < messages; i += workload.batch()) {
            if (workload.batch() == 1) {
                station.write(station.next());
            } else {
                batch();
            }
        }
    }

    private void batch() throws IOException {
        batch.clear();
        for (int i = 0; i < workload.batch(); i++) {
            int offset = station.next();
            batch.put(i * workload.messageOctets(), station.memory(), offset, workload.messageOctets());
        }
        station.writeFully(batch);
    }

    private void awaitAcknowledgements(long count) throws IOException {
        for (long left = count; left > 0; ) {
            acknowledgements.clear().limit((int) Math.min(left, acknowledgements.capacity()));
            station.readSome(acknowledgements);
            left -= acknowledgements.position();
        }
    }

    @Override
    public void close() throws IOException {
        station.close();
    }
}
