package io.verbena.testkit.walk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/** A buffer that regions lie in, and what the model says is in it. Only the model and the adapter change it. */
final class ModelBlock {
    static final int OCTETS = 8192;

    private final ByteBuffer octets;
    private final byte[] expected = new byte[OCTETS];

    ModelBlock(SplittableRandom random, boolean direct) {
        octets = direct ? ByteBuffer.allocateDirect(OCTETS) : ByteBuffer.allocate(OCTETS);
        random.nextBytes(expected);
        octets.put(0, expected);
    }

    /** Returns a part of it for a region. */
    ByteBuffer part(int offset, int length) {
        return octets.slice(offset, length);
    }

    /** The model: octets of {@code from} are copied here. */
    void copy(int to, ModelBlock from, int offset, int length) {
        System.arraycopy(from.expected, offset, expected, to, length);
    }

    /** Returns the 8 octets at an index as the model has them, in this machine's byte order. */
    long value(int at) {
        return ByteBuffer.wrap(expected).order(ByteOrder.nativeOrder()).getLong(at);
    }

    /** The model: sets 8 octets. */
    void value(int at, long value) {
        ByteBuffer.wrap(expected).order(ByteOrder.nativeOrder()).putLong(at, value);
    }

    /** Returns the first octet that is not what the model says, or -1. */
    int firstDifference() {
        return ByteBuffer.wrap(expected).mismatch(octets.duplicate().clear());
    }
}
