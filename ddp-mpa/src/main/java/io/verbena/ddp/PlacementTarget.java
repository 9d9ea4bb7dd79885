package io.verbena.ddp;

import io.verbena.mpa.FpduCrc;
import java.nio.ByteBuffer;

/**
 * The place of a segment's payload: tells where the next octets go, moving forward as they are placed.
 *
 * <p>Memory can be withdrawn between two calls; then a call refuses, nothing more is placed, and the reason is known to the
 * layer above.
 *
 * <p>Thread rule: the stream's loop.
 */
public interface PlacementTarget {
    /** Places {@code octets} octets by copying them; false if the memory was withdrawn. */
    boolean place(ByteBuffer lent, int offset, int octets);

    /**
     * Fills {@code lent} with the places of the next octets and keeps the memory from being withdrawn until {@link #placed}.
     *
     * @return the number of buffers, 1 or more, or -1 if the memory was withdrawn
     */
    int targets(ByteBuffer[] lent, int from, int limit, int octets);

    /**
     * So many octets were put into the places of the last {@link #targets}, which end here.
     *
     * @param crc takes these octets, or null
     */
    void placed(int octets, FpduCrc crc);

    /** Moves over {@code octets} octets that were put there before: their segment came ahead of the stream. */
    void skip(int octets);
}
