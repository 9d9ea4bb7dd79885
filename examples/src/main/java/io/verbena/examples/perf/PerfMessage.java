package io.verbena.examples.perf;

import io.verbena.verbs.RemoteRegion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What the two ends tell each other over the control connection. On the wire: kind (1), then what the kind has. */
sealed interface PerfMessage {
    /** The longest message in octets. */
    int MAX_OCTETS = 256;

    /** Either: it is still there. */
    record Alive() implements PerfMessage {}

    /** Client: the next round has messages of this size, and this is its memory; its data connections follow. */
    record Round(long octets, RemoteRegion memory) implements PerfMessage {}

    /** Server: all data connections stand, the round may begin. */
    record Begin() implements PerfMessage {}

    /** Client: it is warm, from now on the round counts. */
    record Measuring() implements PerfMessage {}

    /** Client: all that it sent, so many messages in this round, has arrived. */
    record Finish(long messages) implements PerfMessage {}

    /** Server: what it has to say of the round. */
    record Result(BandwidthFigures sent, CpuUse cpu) implements PerfMessage {}

    /** Client: that was the last round. */
    record Done() implements PerfMessage {}

    /** Either: it cannot go on, for this reason. */
    record Failed(String reason) implements PerfMessage {}

    /** Returns the encoded form, ready to be read. */
    default ByteBuffer encode() {
        ByteBuffer octets = ByteBuffer.allocate(MAX_OCTETS);
        if (this instanceof Alive) {
            octets.put((byte) 1);
        } else if (this instanceof Round round) {
            round.memory().encode(octets.put((byte) 2).putLong(round.octets()));
        } else if (this instanceof Begin) {
            octets.put((byte) 3);
        } else if (this instanceof Measuring) {
            octets.put((byte) 4);
        } else if (this instanceof Finish finish) {
            octets.put((byte) 5).putLong(finish.messages());
        } else if (this instanceof Result result) {
            octets.put((byte) 6)
                    .putLong(result.sent().messages())
                    .putLong(result.sent().octets())
                    .putLong(result.sent().nanos())
                    .putLong(result.sent().peakOctetsPerSecond())
                    .putLong(result.cpu().cpuNanos())
                    .putLong(result.cpu().nanos());
        } else if (this instanceof Failed failed) {
            byte[] text = failed.reason().getBytes(StandardCharsets.UTF_8);
            octets.put((byte) 7).put(text, 0, Math.min(text.length, octets.remaining()));
        } else if (this instanceof Done) {
            octets.put((byte) 8);
        }
        return octets.flip();
    }

    /**
     * Reads one from octets that a peer sent.
     *
     * @param borrowed from its position to its limit
     * @throws IllegalArgumentException if they are no message
     */
    static PerfMessage decode(ByteBuffer borrowed) {
        if (!borrowed.hasRemaining()) {
            throw new IllegalArgumentException("a message without octets");
        }
        int kind = borrowed.get();
        return switch (kind) {
            case 1 -> new Alive();
            case 2 ->
                new Round(exactly(borrowed, 8 + RemoteRegion.ENCODED_OCTETS).getLong(), RemoteRegion.decode(borrowed));
            case 3 -> new Begin();
            case 4 -> new Measuring();
            case 5 -> new Finish(exactly(borrowed, 8).getLong());
            case 6 -> result(exactly(borrowed, 48));
            case 7 -> new Failed(printable(borrowed));
            case 8 -> new Done();
            default -> throw new IllegalArgumentException("a message of unknown kind " + kind);
        };
    }

    private static Result result(ByteBuffer source) {
        return new Result(
                new BandwidthFigures(source.getLong(), source.getLong(), source.getLong(), source.getLong()),
                new CpuUse(source.getLong(), source.getLong()));
    }

    private static ByteBuffer exactly(ByteBuffer source, int octets) {
        if (source.remaining() != octets) {
            throw new IllegalArgumentException(
                    "a message with " + source.remaining() + " octets where " + octets + " belong");
        }
        return source;
    }

    /** Text of a peer for a terminal: no control characters. */
    static String printable(ByteBuffer source) {
        return StandardCharsets.UTF_8
                .decode(source)
                .toString()
                .replaceAll("\\p{Cntrl}", " ")
                .strip();
    }
}
