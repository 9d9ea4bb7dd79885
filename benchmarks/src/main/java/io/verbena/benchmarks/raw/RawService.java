package io.verbena.benchmarks.raw;

import io.verbena.benchmarks.end.EndTask;
import io.verbena.benchmarks.row.Operation;
import io.verbena.benchmarks.row.Shape;
import io.verbena.benchmarks.row.Workload;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What a raw server does over and over. */
interface RawService {
    /** Does one step: blocks until something came in, or returns at once if the channel does not block. */
    void step() throws IOException;

    /** Returns what the task's server does. */
    static RawService of(EndTask task, RawStation station) {
        Workload workload = task.workload();
        if (workload.shape() == Shape.PING) {
            int requestOctets =
                    workload.operation() == Operation.READ ? RawPing.REQUEST_OCTETS : workload.messageOctets();
            return new Echo(station, requestOctets, workload.operation() == Operation.READ);
        }
        if (workload.operation() == Operation.READ) {
            return new Responses(station);
        }
        return workload.counted() ? new SmallSink(station, workload.messageOctets()) : new Sink(station, workload);
    }

    /** Reads a request into the walk, or beside it, and answers with a message of the walk. */
    final class Echo implements RawService {
        private final RawStation station;
        private final ByteBuffer request;
        private final boolean answersFromMemory;
        private int offset;

        Echo(RawStation station, int requestOctets, boolean answersFromMemory) {
            this.station = station;
            this.answersFromMemory = answersFromMemory;
            request = answersFromMemory
                    ? ByteBuffer.allocateDirect(requestOctets)
                    : station.memory().duplicate();
            begin();
        }

        private void begin() {
            offset = station.next();
            if (answersFromMemory) {
                request.clear();
            } else {
                request.limit(offset + station.messageOctets()).position(offset);
            }
        }

        @Override
        public void step() throws IOException {
            if (station.readSome(request) && !request.hasRemaining()) {
                station.write(offset);
                begin();
            }
        }
    }

    /** Answers each octet with a message. */
    final class Responses implements RawService {
        private final RawStation station;
        private final ByteBuffer requests = ByteBuffer.allocateDirect(64);

        Responses(RawStation station) {
            this.station = station;
        }

        @Override
        public void step() throws IOException {
            requests.clear();
            station.readSome(requests);
            for (int i = 0; i < requests.position(); i++) {
                station.write(station.next());
            }
        }
    }

    /** Reads messages straight into the walk. */
    final class Sink implements RawService {
        private final RawStation station;
        private final int messageOctets;
        private final ByteBuffer acknowledgement = ByteBuffer.allocateDirect(1);
        private int octets;

        Sink(RawStation station, Workload workload) {
            this.station = station;
            messageOctets = workload.messageOctets();
        }

        @Override
        public void step() throws IOException {
            station.read(station.next());
            octets += messageOctets;
            if (octets == Acknowledged.EVERY_OCTETS) {
                octets = 0;
                station.writeFully(acknowledgement.clear());
            }
        }
    }

    /** Reads many small messages at once and copies each to its place. */
    final class SmallSink implements RawService {
        private static final int READ_OCTETS = 64 << 10;

        private final RawStation station;
        private final int messageOctets;
        private final ByteBuffer arrived = ByteBuffer.allocateDirect(READ_OCTETS);
        private final ByteBuffer acknowledgement = ByteBuffer.allocateDirect(1);
        private int octets;

        SmallSink(RawStation station, int messageOctets) {
            this.station = station;
            this.messageOctets = messageOctets;
        }

        @Override
        public void step() throws IOException {
            station.readSome(arrived);
            arrived.flip();
            while (arrived.remaining() >= messageOctets) {
                station.memory().put(station.next(), arrived, arrived.position(), messageOctets);
                arrived.position(arrived.position() + messageOctets);
                octets += messageOctets;
                if (octets == Acknowledged.EVERY_OCTETS) {
                    octets = 0;
                    station.writeFully(acknowledgement.clear());
                }
            }
            arrived.compact();
        }
    }
}
