package io.verbena.rdmap;

import io.verbena.ddp.PlacementTarget;
import io.verbena.mpa.FpduCrc;
import java.nio.ByteBuffer;

/**
 * Where the payload of a message goes that is dropped: nowhere. Octets that the transport wants to read straight to their
 * place go to a staging buffer that nobody looks at.
 *
 * <p>Thread rule: the stream's loop.
 */
final class DiscardPlacement implements PlacementTarget {
    private final PoolStaging staging;
    private ByteBuffer nowhere;

    DiscardPlacement(PoolStaging staging) {
        this.staging = staging;
    }

    @Override
    public boolean place(ByteBuffer lent, int offset, int octets) {
        return true;
    }

    @Override
    public void skip(int octets) {}

    @Override
    public int targets(ByteBuffer[] lent, int from, int limit, int octets) {
        nowhere = staging.discard();
        if (nowhere == null) {
            return 0;
        }
        lent[from] = nowhere.limit(Math.min(octets, nowhere.capacity()));
        return 1;
    }

    @Override
    public void placed(int octets, FpduCrc crc) {
        if (crc != null) {
            crc.update(nowhere.clear(), 0, octets);
        }
        nowhere = null;
        staging.discarded();
    }
}
