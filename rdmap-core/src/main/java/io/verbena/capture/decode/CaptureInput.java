package io.verbena.capture.decode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The octets of a capture file, in pieces that are wholly there or not at all. Used by one thread.
 */
final class CaptureInput {
    /** No packet and no block is longer; who says otherwise was damaged. */
    static final int MAX_PIECE_OCTETS = 1 << 24;

    private final InputStream lent;
    private long position;

    /** Reads on in a file of which {@code position} octets were read. */
    CaptureInput(InputStream lent, long position) {
        this.lent = lent;
        this.position = position;
    }

    /** Returns how many octets were read. */
    long position() {
        return position;
    }

    /**
     * Reads {@code count} octets, or none if the file has ended.
     *
     * @return a buffer of its own with them, or null at the end of the file
     * @throws DamagedCaptureException if the file ends within them
     */
    ByteBuffer readIfThere(int count, String what, ByteOrder order) throws IOException {
        byte[] octets = lent.readNBytes(count);
        if (octets.length == 0 && count > 0) {
            return null;
        }
        if (octets.length < count) {
            throw cut(what, octets.length, count);
        }
        position += count;
        return ByteBuffer.wrap(octets).order(order);
    }

    /** Reads {@code count} octets that have to be there. */
    ByteBuffer read(int count, String what, ByteOrder order) throws IOException {
        if (count < 0 || count > MAX_PIECE_OCTETS) {
            throw new DamagedCaptureException(
                    "the file is damaged: " + what + " at octet " + position + " is said to have "
                            + Integer.toUnsignedString(count) + " octets, and " + MAX_PIECE_OCTETS + " are the most");
        }
        byte[] octets = lent.readNBytes(count);
        if (octets.length < count) {
            throw cut(what, octets.length, count);
        }
        position += count;
        return ByteBuffer.wrap(octets).order(order);
    }

    private DamagedCaptureException cut(String what, int there, int count) {
        return new DamagedCaptureException("the file ends within " + what + ": at octet " + position + " there are "
                + there + " of its " + count + " octets");
    }
}
