package io.verbena.rdmap;

import io.verbena.ddp.PlacementTarget;
import io.verbena.mpa.FpduCrc;
import java.nio.ByteBuffer;

/**
 * Places the header of a control message (Read Request, Terminate) where RDMAP reads it. Such messages fit in one short
 * FPDU, which is never steered.
 *
 * <p>Thread rule: the stream's loop.
 */
final class ControlPlacement implements PlacementTarget {
    private final ByteBuffer octets;
    private int length;

    ControlPlacement(int capacity) {
        octets = ByteBuffer.allocate(capacity);
    }

    /** Begins a new message. */
    void clear() {
        length = 0;
    }

    /** Returns the octets of the message from index 0 on. */
    ByteBuffer buffer() {
        return octets;
    }

    /** Returns how many octets have arrived. */
    int length() {
        return length;
    }

    @Override
    public boolean place(ByteBuffer lent, int offset, int count) {
        octets.put(length, lent, offset, count);
        length += count;
        return true;
    }

    @Override
    public void skip(int count) {
        length += count;
    }

    @Override
    public int targets(ByteBuffer[] lent, int from, int limit, int count) {
        lent[from] = octets.limit(length + count).position(length);
        return 1;
    }

    @Override
    public void placed(int count, FpduCrc crc) {
        if (crc != null) {
            crc.update(octets.clear(), length, count);
        }
        octets.clear();
        length += count;
    }
}
