package io.verbena.testkit.simulated;

import java.nio.ByteBuffer;

/** Something that has arrived at a stream and waits to be taken: octets, a mark that the stream has reached, or the end. */
final class Arrival {
    /** What it is. */
    enum Kind {
        OCTETS,
        REACHED,
        FIN
    }

    private final Kind kind;
    private final byte[] octets;
    private final long position;
    private final int length;
    private int taken;

    private Arrival(Kind kind, byte[] octets, long position, int length) {
        this.kind = kind;
        this.octets = octets;
        this.position = position;
        this.length = length;
    }

    static Arrival octets(byte[] given) {
        return new Arrival(Kind.OCTETS, given, 0, given.length);
    }

    /** The stream has come to {@code position}; its last {@code length} octets were handed up before. */
    static Arrival reached(long position, int length) {
        return new Arrival(Kind.REACHED, new byte[0], position, length);
    }

    static Arrival fin() {
        return new Arrival(Kind.FIN, new byte[0], 0, 0);
    }

    Kind kind() {
        return kind;
    }

    /** Returns the octets that are left, or those that a mark stands for. */
    int length() {
        return length - taken;
    }

    boolean isEmpty() {
        return length == taken;
    }

    long position() {
        return position;
    }

    /** Moves at most {@code most} octets to {@code target} and returns how many. */
    int moveTo(ByteBuffer target, int most) {
        int piece = Math.min(Math.min(most, length - taken), target.remaining());
        target.put(octets, taken, piece);
        taken += piece;
        return piece;
    }
}
